import { HAS_BUBBLEWRAP } from "../support/bubblewrap.js";
import { describeClass } from "../support/containment.js";

describeClass("file", ["js", "plug-in", "command", ...(HAS_BUBBLEWRAP ? (["executable"] as const) : [])]);

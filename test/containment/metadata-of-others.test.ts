import { describeClass } from "../support/containment.js";

describeClass("metadata-of-others", ["js", "plug-in", "command", "executable"]);

import { describeClass } from "../support/containment.js";

describeClass("deception", ["js", "plug-in", "command", "executable"]);

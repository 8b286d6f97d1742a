import { describeClass } from "../support/containment.js";

describeClass("huge-strings", ["js", "plug-in", "command", "executable"]);

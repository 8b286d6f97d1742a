import { describeClass } from "../support/containment.js";

describeClass("stack", ["js", "plug-in", "command", "executable"]);

import { describeClass } from "../support/containment.js";

describeClass("process", ["js", "plug-in", "command", "executable"]);

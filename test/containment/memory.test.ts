import { describeClass } from "../support/containment.js";

describeClass("memory", ["js", "plug-in", "command", "executable"]);

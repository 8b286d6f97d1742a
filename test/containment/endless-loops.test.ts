import { describeClass } from "../support/containment.js";

describeClass("endless-loops", ["js", "plug-in", "command", "executable"]);

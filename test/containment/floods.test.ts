import { describeClass } from "../support/containment.js";

describeClass("floods", ["js", "plug-in", "command", "executable"]);

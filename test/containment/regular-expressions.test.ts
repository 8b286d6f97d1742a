import { describeClass } from "../support/containment.js";

describeClass("regular-expressions", ["js", "plug-in", "command", "executable"]);

import { describeClass } from "../support/containment.js";

describeClass("exceptions", ["js", "plug-in", "command", "executable"]);

import { describeClass } from "../support/containment.js";

describeClass("network", ["js", "plug-in", "command", "executable"]);

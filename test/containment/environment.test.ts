import { describeClass } from "../support/containment.js";

describeClass("environment", ["js", "plug-in", "command", "executable"]);

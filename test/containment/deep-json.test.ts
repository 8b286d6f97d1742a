import { describeClass } from "../support/containment.js";

describeClass("deep-json", ["js", "plug-in", "command", "executable"]);

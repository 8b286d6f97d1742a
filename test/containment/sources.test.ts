import { describeClass } from "../support/containment.js";

describeClass("sources", ["js", "plug-in", "command", "executable"]);

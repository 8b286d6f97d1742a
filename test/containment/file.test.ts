import { describeClass } from "../support/containment.js";

describeClass("file", ["js", "plug-in", "command"]);

import { describeClass } from "../support/containment.js";

describeClass("clock", ["js", "plug-in", "command"]);

import { describeClass } from "../support/containment.js";

describeClass("forged-answers", ["js", "plug-in", "command", "executable"]);

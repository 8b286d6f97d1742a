import { describeClass } from "../support/containment.js";

describeClass("slow-answers", ["js", "plug-in", "command", "executable"]);

import { describeClass } from "../support/containment.js";

describeClass("huge-packages", ["js", "plug-in", "command", "executable"]);

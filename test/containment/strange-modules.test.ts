import { describeClass } from "../support/containment.js";

describeClass("strange-modules", ["js", "plug-in", "command", "executable"]);

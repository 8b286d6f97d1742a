import { describeClass } from "../support/containment.js";

describeClass("globals-and-modules", ["js", "plug-in", "command"]);

import { describeClass } from "../support/containment.js";

describeClass("prototype-pollution", ["js", "plug-in", "command", "executable"]);

import { describeClass } from "../support/containment.js";

describeClass("tables", ["plug-in", "command"]);

import { describeClass } from "../support/containment.js";

describeClass("bytecode", ["js", "command"]);

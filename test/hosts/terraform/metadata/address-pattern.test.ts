import { describe, expect, it } from "vitest";
import { matchesAddress, matchesAny } from "../../../../src/hosts/terraform/metadata/address-pattern.js";

describe("a pattern of addresses", () => {
  it.each([
    ["aws_vm.a", "aws_vm.a"],
    ["aws_vm.a", "aws_vm.a[0]"],
    ["aws_vm.a", 'aws_vm.a["k"]'],
    ['aws_vm.a["*"]', 'aws_vm.a["*"]'],
    ["module.m", "module.m.aws_vm.a"],
    ["module.m", "module.m[0].aws_vm.a"],
    ['module.m["x"]', 'module.m["x"].module.n.aws_vm.a'],
    ["*", "module.m.aws_vm.a"],
    ["aws_*", "aws_vm.a"],
    ["*.a", "module.m.aws_vm.a"],
    ["aws_vm.?", "aws_vm.a"],
  ])("%s means %s", (pattern, address) => {
    expect(matchesAddress(pattern, address)).toBe(true);
  });

  it.each([
    ["aws_vm.a", "aws_vm.ab"],
    ["aws_vm.a", "module.m.aws_vm.a"],
    ["module.m", "module.mm.aws_vm.a"],
    ["aws_vm.a[0]", "aws_vm.a[01]"],
    ["aws_vm.a[0]", "aws_vm.a"],
    ["aws_vm.?", "aws_vm.ab"],
    ["", "aws_vm.a"],
  ])("%s does not mean %s", (pattern, address) => {
    expect(matchesAddress(pattern, address)).toBe(false);
  });

  it("is one of several; without any, all are meant", () => {
    expect(matchesAny(["x.y", "aws_vm.a"], "aws_vm.a")).toBe(true);
    expect(matchesAny(["x.y"], "aws_vm.a")).toBe(false);
    expect(matchesAny([], "aws_vm.a")).toBe(true);
  });
});

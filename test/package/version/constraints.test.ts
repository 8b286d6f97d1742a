import { describe, expect, it } from "vitest";
import { newest, parseConstraints, satisfies } from "../../../src/package/version/constraints.js";
import { parseVersion } from "../../../src/package/version/version.js";
import { thrownCode } from "../../support/codes.js";

const meets = (version: string, constraints: string): boolean =>
  satisfies(parseVersion(version), parseConstraints(constraints));

describe("constraints as Terraform documents them", () => {
  it.each([
    ["1.1.5", ">= 1.0, < 1.2", true],
    ["1.1.5", "< 1.0, < 1.2", false],
    ["1.1.5", "= 1.0", false],
    ["1.0.0", "= 1.0", true],
    ["1.0.0", "1.0", true],
    ["2.0.0", "~> 1.0", false],
    ["1.1.0", "~> 1.0", true],
    ["1.2.3", "~> 1.0", true],
    ["1.2.3", "~> 1.0.0", false],
    ["1.0.7", "~> 1.0.0", true],
    ["1.1.0", "~> 1.0.0", false],
    ["1.0.4", "~> 1.0.7", false],
    ["1.0.7", "~> 1.0.7", true],
    ["1.0.8", "~> 1.0.7", true],
    ["1.0.5", "~> 1.0.4", true],
    ["1.0.10", "~> 1.0.4", true],
    ["1.1.0", "~> 1.0.4", false],
    ["1.2.0", "~> 1.1", true],
    ["1.10.0", "~> 1.1", true],
    ["2.0.0", "~> 1.1", false],
    ["1.9.0", "~> 1", true],
    ["2.0.0", "~> 1", false],
    ["1.0.0", "!= 1.0.0", false],
    ["1.0.1", "!= 1.0.0", true],
    ["1.2.0", ">= 1.2.0, < 2.0.0", true],
    ["2.0.0", ">= 1.2.0, < 2.0.0", false],
    ["1.0.0", "> 1.0.0", false],
    ["1.0.0", "<= 1.0.0", true],
    ["10.0.0", "> 9.0.0", true],
    ["1.0.0+build.1", "= 1.0.0", true],
  ])("%s meets %s: %s", (version, constraints, expected) => {
    expect(meets(version, constraints)).toBe(expected);
  });
});

describe("a pre-release is chosen only by its exact version", () => {
  it.each([
    ["2.1.0-beta", "= 2.1.0-beta", true],
    ["2.1.0-beta", "2.1.0-beta", true],
    ["2.1.0-beta", "= 2.1.0-beta, != 2.0.0", true],
    ["2.1.0-beta", "~> 2.0", false],
    ["2.1.0-beta", "> 2.0", false],
    ["2.1.0-beta", ">= 2.0.0", false],
    ["2.1.0-beta", ">= 2.1.0-alpha", false],
    ["2.1.0-beta", "!= 1.0.0", false],
    ["2.1.0-beta", "= 2.1.0-beta, >= 1.0", false],
    ["2.1.0", "= 2.1.0-beta", false],
    ["2.1.0", ">= 2.1.0-beta", true],
    ["2.1.0", "~> 2.1.0-beta", false],
  ])("%s meets %s: %s", (version, constraints, expected) => {
    expect(meets(version, constraints)).toBe(expected);
  });
});

describe("the newest version", () => {
  const choose = (versions: readonly string[], constraints: string) =>
    newest(versions.map(parseVersion), parseConstraints(constraints))?.text;

  it("is chosen by number, whatever the order of the list", () => {
    expect(choose(["1.10.0", "1.9.9", "1.2.0", "2.0.0"], "~> 1.0")).toBe("1.10.0");
    expect(choose(["2.0.0-rc1", "1.0.0"], ">= 1.0")).toBe("1.0.0");
  });

  it("is none where none meets them", () => {
    expect(choose(["1.0.0", "2.0.0"], "> 2.0")).toBeUndefined();
  });
});

describe("what is no constraint", () => {
  it.each([
    ...["", " ", ",", ">= 1.0,", ">= 1.x", "1.*", "^1.0", "~1.2", "=> 1.0", "=< 1.0", "v1.0", ">= v1.0", "latest"],
    ...[">= 1.0 < 2.0", "1.0 || 2.0", "1.2.3.4", ">=", "1.0.0-", "= 1..0", "11387778780781445675529500000000000000000"],
    "1.0, ".repeat(1000),
  ])("is refused: %j", (text) => {
    expect(thrownCode(() => parseConstraints(text))).toBe("VERSION_CONSTRAINT_MALFORMED");
  });

  it.each(["", "1", "1.2", "v1.2.3", "1.2.3.4", "01.2.3", "1.2.3-01", "1.2.3-", "1.2.3+", " 1.2.3", "1.2.3\n"])(
    "and no version: %j",
    (text) => {
      expect(thrownCode(() => parseVersion(text))).toBe("VERSION_MALFORMED");
    },
  );
});

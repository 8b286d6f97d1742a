import fc from "fast-check";
import semver from "semver";
import { expect, it } from "vitest";
import { parseConstraints, satisfies } from "../../../src/package/version/constraints.js";
import { compareVersions, parseVersion } from "../../../src/package/version/version.js";

const number = fc.oneof(fc.nat(3), fc.nat(999_999));
const release = fc.tuple(number, number, number).map((numbers) => numbers.join("."));
const part = fc
  .oneof(fc.nat(20).map(String), fc.stringMatching(/^[0-9a-zA-Z-]{1,6}$/))
  .filter((text) => !/^0\d+$/.test(text));
const version = fc
  .tuple(release, fc.array(part, { maxLength: 3 }))
  .map(([numbers, parts]) => (parts.length === 0 ? numbers : `${numbers}-${parts.join(".")}`));

it("versions are in the order of semver", () => {
  fc.assert(
    fc.property(version, version, (a, b) => {
      expect(Math.sign(compareVersions(parseVersion(a), parseVersion(b)))).toBe(semver.compare(a, b));
    }),
  );
});

it("what semver takes for a version is one, and nothing else is", () => {
  fc.assert(
    fc.property(fc.oneof(version, fc.stringMatching(/^[0-9.a-c+-]{1,12}$/)), (text) => {
      const parses = (): boolean => {
        try {
          return parseVersion(text).text === text;
        } catch {
          return false;
        }
      };
      expect(parses()).toBe(semver.valid(text) !== null);
    }),
  );
});

it("releases meet the operators that semver has, too", () => {
  const operator = fc.constantFrom("=", ">", ">=", "<", "<=");
  fc.assert(
    fc.property(release, fc.array(fc.tuple(operator, release), { minLength: 1, maxLength: 3 }), (one, conditions) => {
      const ours = conditions.map(([op, than]) => `${op} ${than}`).join(", ");
      const theirs = conditions.map(([op, than]) => `${op}${than}`).join(" ");
      expect(satisfies(parseVersion(one), parseConstraints(ours))).toBe(semver.satisfies(one, theirs));
    }),
  );
});

it("~> with three numbers is semver's ~, with two it lets the second rise", () => {
  fc.assert(
    fc.property(release, release, (one, than) => {
      const [major = "", minor = ""] = than.split(".");
      expect(satisfies(parseVersion(one), parseConstraints(`~> ${than}`))).toBe(semver.satisfies(one, `~${than}`));
      expect(satisfies(parseVersion(one), parseConstraints(`~> ${major}.${minor}`))).toBe(
        semver.satisfies(one, `>=${major}.${minor}.0 <${Number(major) + 1}.0.0`),
      );
    }),
  );
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isRecord, isUnknownAt, valueAt } from "../src/index.js";
import type { Path } from "../src/index.js";

describe("valueAt", () => {
  const resource = { after: { tags: { owner: "me" }, rules: [{ port: 22 }], none: null } };

  it.each<[Path, unknown]>([
    [[], resource.after],
    [["tags", "owner"], "me"],
    [["rules", 0, "port"], 22],
    [["none"], null],
    [["tags", "team"], undefined],
    [["none", "deeper"], undefined],
    [["rules", 1], undefined],
    [["tags", "owner", 0], undefined],
    [["constructor"], undefined],
    [["tags", "__proto__"], undefined],
  ])("%j", (path, value) => {
    expect(valueAt(resource, path)).toEqual(value);
  });

  it("finds nothing in a resource that is gone", () => {
    expect(valueAt({ after: null }, ["tags"])).toBeUndefined();
  });

  it("never throws", () => {
    const step = fc.oneof(fc.string(), fc.nat());
    fc.assert(
      fc.property(fc.jsonValue(), fc.array(step), (after, path) => {
        valueAt({ after }, path);
        isUnknownAt({ after_unknown: after }, path);
      }),
    );
  });
});

describe("isUnknownAt", () => {
  const resource = { after_unknown: { id: true, tags: { owner: true, team: false }, list: [false, true] } };

  it.each<[Path, boolean]>([
    [["id"], true],
    [["id", "deeper"], true],
    [["tags"], false],
    [["tags", "owner"], true],
    [["tags", "team"], false],
    [["list", 1], true],
    [["list", 0], false],
    [["other"], false],
  ])("%j is %j", (path, unknown) => {
    expect(isUnknownAt(resource, path)).toBe(unknown);
  });

  it("holds for everything inside a value that is unknown as a whole", () => {
    expect(isUnknownAt({ after_unknown: true }, ["tags", "owner"])).toBe(true);
  });
});

describe("isRecord", () => {
  it.each([
    [{}, true],
    [[], false],
    [null, false],
    ["x", false],
  ])("%j: %j", (value, expected) => {
    expect(isRecord(value)).toBe(expected);
  });
});

import { describe, expect, it } from "vitest";
import { checkSize, parseStored } from "../../../../src/hosts/terraform/metadata/stored-json.js";
import { thrownCode } from "../../../support/codes.js";

const OWNER = { address: "mock_thing.a", integration: "cost" };

describe("metadata that somebody typed", () => {
  it("is what it says", () => {
    expect(parseStored(OWNER, ' {"a":[1,{"b":null}]} ')).toEqual({ a: [1, { b: null }] });
  });

  it.each(["", "{", "[]", "1", "null", '"x"', '{"__proto__":{}}', '{"a":{"constructor":{"prototype":{}}}}'])(
    "is refused: %j",
    (text) => {
      expect(thrownCode(() => parseStored(OWNER, text))).toBe("METADATA_ARGUMENTS");
    },
  );

  it("may nest as deeply as metadata can, and no deeper", () => {
    const nested = (levels: number) => `${'{"a":'.repeat(levels - 1)}{}${"}".repeat(levels - 1)}`;
    expect(() => parseStored(OWNER, nested(64))).not.toThrow();
    expect(thrownCode(() => parseStored(OWNER, nested(65)))).toBe("METADATA_TOO_LARGE");
  });
});

describe("the size of metadata", () => {
  it("is counted in bytes of JSON", () => {
    expect(() => {
      checkSize(OWNER, { x: "a".repeat(64 * 1024 - 8) });
    }).not.toThrow();
    for (const text of ["a".repeat(64 * 1024 - 7), "é".repeat(32 * 1024 - 3)]) {
      expect(
        thrownCode(() => {
          checkSize(OWNER, { x: text });
        }),
      ).toBe("METADATA_TOO_LARGE");
    }
  });
});

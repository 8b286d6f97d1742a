import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { excerpt, exceedsBytes, overBounds, parseJson } from "../../src/protocol/json.js";
import { MAX_JSON_DEPTH } from "../../src/protocol/limits.js";
import { ProtocolError } from "../../src/protocol/protocol-error.js";
import { thrownCode } from "../support/codes.js";

const MANY = 1_000_000;

describe("parseJson", () => {
  it("gives back what JSON.parse gives for ordinary values", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!text.includes("__proto__") && !text.includes("constructor"));
        expect(parseJson(text, MANY)).toEqual(JSON.parse(text));
      }),
    );
  });

  it("takes a message of exactly the allowed size and refuses one byte more", () => {
    const line = JSON.stringify("é".repeat(10));
    const bytes = Buffer.byteLength(line);
    expect(parseJson(line, bytes)).toBe("é".repeat(10));
    expect(thrownCode(() => parseJson(line, bytes - 1))).toBe("PROTOCOL_MESSAGE_TOO_LARGE");
  });

  it("takes the deepest allowed nesting and refuses one level more", () => {
    const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
    expect(parseJson(nested(MAX_JSON_DEPTH), MANY)).toBeInstanceOf(Array);
    expect(thrownCode(() => parseJson(nested(MAX_JSON_DEPTH + 1), MANY))).toBe("PROTOCOL_TOO_DEEP");
  });

  it("does not count brackets inside strings as nesting", () => {
    const text = JSON.stringify('["\\"'.repeat(1_000));
    expect(parseJson(text, MANY)).toBe('["\\"'.repeat(1_000));
  });

  it.each([
    '{"__proto__":{"polluted":1}}',
    '{"a":[{"__proto__":1}]}',
    '{"\\u005f_proto__":{}}',
    '{"constructor":{"prototype":{"x":1}}}',
  ])("refuses a key that reaches into prototypes: %s", (line) => {
    expect(thrownCode(() => parseJson(line, MANY))).toBe("PROTOCOL_FORBIDDEN_KEY");
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("refuses what is not JSON", () => {
    expect(thrownCode(() => parseJson("hello", MANY))).toBe("PROTOCOL_NOT_JSON");
  });

  it("throws nothing but protocol errors for any text", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => {
        try {
          parseJson(text, 200);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      }),
    );
  });
});

describe("exceedsBytes", () => {
  it("agrees with the real size for any text and limit", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.nat(200), (text, limit) => {
        expect(exceedsBytes(text, limit)).toBe(Buffer.byteLength(text) > limit);
      }),
    );
  });
});

describe("excerpt", () => {
  it("shows only the start, with control characters escaped", () => {
    const shown = excerpt("\u001b[31m" + "x".repeat(1_000));
    expect(shown).not.toContain("\u001b");
    expect(shown.length).toBeLessThan(60);
  });
});

describe("overBounds", () => {
  function depthOf(value: unknown): number {
    return typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
  }

  it("knows the depth of any JSON, whatever its strings hold", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        const depth = depthOf(value);
        expect(overBounds(text, depth, Infinity)).toBeNull();
        if (depth > 0) expect(overBounds(text, depth - 1, Infinity)).toBe("depth");
      }),
    );
    expect(overBounds(String.raw`["[[\"[[\\","]]"]`, 1, Infinity)).toBeNull();
  });
});

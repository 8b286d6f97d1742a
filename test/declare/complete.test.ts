import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { completeDeclaration } from "../../src/declare/complete.js";
import {
  MAX_MEMORY_BYTES,
  MAX_MESSAGE_BYTES,
  MAX_METADATA_BYTES,
  MAX_TIMEOUT_MS,
} from "../../src/declare/declaration.js";
import type { IntegrationDeclarationInput } from "../../src/declare/declaration.js";
import { DeclareError } from "../../src/declare/declare-error.js";
import { NO_GRANTS } from "../../src/protocol/grants.js";

const MINIMAL = { name: "logger", directory: "/project" };

function fault(input: IntegrationDeclarationInput): DeclareError {
  try {
    completeDeclaration(input);
  } catch (error) {
    if (error instanceof DeclareError) return error;
    throw error;
  }
  throw new Error("the declaration has no fault");
}

function nested(depth: number): Record<string, unknown> {
  let value: Record<string, unknown> = {};
  for (let level = 1; level < depth; level += 1) value = { inner: value };
  return value;
}

test("fills in every default", () => {
  expect(completeDeclaration(MINIMAL)).toEqual({
    ...MINIMAL,
    scope: "project",
    config: {},
    isolation: "best-effort",
    unsigned: false,
    onError: "fail",
    after: [],
    grants: NO_GRANTS,
  });
});

test("keeps what is given", () => {
  const input = { ...MINIMAL, config: { list: [1, "two", null, { three: true }] }, timeoutMs: 5, after: ["other"] };
  expect(completeDeclaration(input)).toMatchObject(input);
});

describe.each([
  ["timeoutMs", MAX_TIMEOUT_MS],
  ["initializeTimeoutMs", MAX_TIMEOUT_MS],
  ["memoryBytes", MAX_MEMORY_BYTES],
  ["messageBytes", MAX_MESSAGE_BYTES],
  ["metadataBytes", MAX_METADATA_BYTES],
])("%s", (key, max) => {
  test.each([1, max])("accepts %d", (value) => {
    expect(completeDeclaration({ ...MINIMAL, [key]: value })).toMatchObject({ [key]: value });
  });

  test.each([0, -1, max + 1, 1.5, Number.NaN, Infinity])("refuses %d and names the path", (value) => {
    const error = fault({ ...MINIMAL, [key]: value });
    expect(error).toMatchObject({ code: "DECLARE_BAD_VALUE", integration: "logger" });
    expect(error.message).toContain(key);
  });
});

test.each(["", "9lives", "a b", "a".repeat(65), "__proto__ ", "__proto__", "constructor", "naïve"])(
  "refuses the name %j",
  (name) => {
    expect(fault({ ...MINIMAL, name }).code).toBe("DECLARE_BAD_VALUE");
  },
);

test("refuses a key that it does not know", () => {
  const input: IntegrationDeclarationInput & { timeout: string } = { ...MINIMAL, timeout: "5s" };
  expect(fault(input).message).toContain("timeout");
});

describe("config", () => {
  test.each(["__proto__", "constructor", "prototype"])("refuses the key %s at any depth", (key) => {
    const config = Object.fromEntries([[key, 1]]);
    expect(fault({ ...MINIMAL, config }).code).toBe("DECLARE_FORBIDDEN_KEY");
    expect(fault({ ...MINIMAL, config: { deep: [config] } }).code).toBe("DECLARE_FORBIDDEN_KEY");
  });

  test.each([[undefined], [() => 1], [1n], [Symbol("s")], [Number.NaN], [new Date(0)], [new Map()]])(
    "refuses what JSON cannot hold: %s",
    (value) => {
      const error = fault({ ...MINIMAL, config: { a: { b: value } } });
      expect(error.code).toBe("DECLARE_BAD_VALUE");
      expect(error.message).toContain("config.a.b");
    },
  );

  test("accepts 64 levels, refuses 65 and an object inside itself", () => {
    expect(completeDeclaration({ ...MINIMAL, config: nested(64) }).config).toEqual(nested(64));
    expect(fault({ ...MINIMAL, config: nested(65) }).code).toBe("DECLARE_TOO_LARGE");
    const loop: Record<string, unknown> = {};
    loop["self"] = loop;
    expect(fault({ ...MINIMAL, config: loop }).code).toBe("DECLARE_TOO_LARGE");
  });

  test("any JSON value without refused keys comes through unchanged", () => {
    const isFine = (text: string) => !/__proto__|constructor|prototype/.test(text);
    fc.assert(
      fc.property(fc.dictionary(fc.string().filter(isFine), fc.jsonValue({ maxDepth: 4 })), (config) => {
        fc.pre(isFine(JSON.stringify(config)));
        expect(completeDeclaration({ ...MINIMAL, config }).config).toEqual(config);
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MIN_CONTAINED_LENGTH } from "../../../src/hosts/sensitive/secret-forms.js";
import { SecretSet } from "../../../src/hosts/sensitive/secret-set.js";

const SECRET = "hunter2-very secret/+é";

function setOf(...secrets: unknown[]): SecretSet {
  const set = new SecretSet();
  for (const secret of secrets) {
    set.add(secret);
  }
  return set;
}

describe("a set of secrets", () => {
  it("matches nothing while it is empty", () => {
    const set = setOf();
    expect(set.isEmpty).toBe(true);
    expect(set.matches("")).toBe(false);
    expect(set.matches("anything at all")).toBe(false);
  });

  it("takes no secret from empty strings, booleans, nulls, short numbers and keys", () => {
    const set = setOf("", true, null, 12_345, { password_key: "" });
    expect(set.isEmpty).toBe(true);
    expect(set.matches("password_key")).toBe(false);
  });

  it("takes every string and every long number inside a value", () => {
    const set = setOf({ a: ["deep-secret-1", { b: "deep-secret-2" }], pin: 987_654 });
    expect(["deep-secret-1", "x deep-secret-2 y", "987654"].map((text) => set.matches(text))).toEqual([
      true,
      true,
      true,
    ]);
  });

  const bytes = Buffer.from(SECRET, "utf8");
  it.each([
    ["itself", SECRET],
    ["inside a text", `postgres://admin:${SECRET}@db`],
    ["base64", bytes.toString("base64")],
    ["base64 without padding", bytes.toString("base64").replace(/=+$/, "")],
    ["base64url", bytes.toString("base64url")],
    ["hex", bytes.toString("hex")],
    ["upper-case hex", bytes.toString("hex").toUpperCase()],
    ["URL-encoded", `https://host/?p=${encodeURIComponent(SECRET)}`],
    ["form-encoded", encodeURIComponent(SECRET).replaceAll("%20", "+")],
  ])("finds a secret: %s", (_form, text) => {
    expect(setOf(SECRET).matches(text)).toBe(true);
  });

  it("finds a secret inside JSON text, in core's escaping of <, > and & too", () => {
    const secret = 'pa"ss\nword<&>';
    expect(setOf(secret).matches(JSON.stringify({ secret }))).toBe(true);
    expect(setOf(secret).matches('{"s":"pa\\"ss\\nword\\u003c\\u0026\\u003e"}')).toBe(true);
  });

  it("finds a secret that lost its surrounding white space", () => {
    expect(setOf("from-a-file\n").matches("user:from-a-file@host")).toBe(true);
  });

  it("finds a secret in a text that was base64-encoded as a whole, wherever it starts", () => {
    const set = setOf("hunter2-very-secret");
    for (const before of ["", "a", "ab", "abc", "#!/bin/sh\nexport TOKEN="]) {
      expect(set.matches(Buffer.from(`${before}hunter2-very-secret\nmore`).toString("base64"))).toBe(true);
    }
  });

  it("matches a short secret only as a whole string", () => {
    const short = "x".repeat(MIN_CONTAINED_LENGTH - 1);
    const long = "x".repeat(MIN_CONTAINED_LENGTH);
    expect(setOf(short).matches(short)).toBe(true);
    expect(setOf(short).matches(`a ${short} b`)).toBe(false);
    expect(setOf(long).matches(`a ${long} b`)).toBe(true);
  });

  it("looks further after a secret was added later", () => {
    const set = setOf("first-secret");
    expect(set.matches("a second-secret b")).toBe(false);
    set.add("second-secret");
    expect(set.matches("a second-secret b")).toBe(true);
  });

  it("tells secrets apart that begin alike", () => {
    const set = setOf("prefix-one", "prefix-two");
    expect(set.matches("a prefix-two b")).toBe(true);
    expect(set.matches("a prefix-thr b")).toBe(false);
  });

  it("accepts a lone surrogate", () => {
    expect(setOf("lone-\ud800-surrogate").matches("a lone-\ud800-surrogate b")).toBe(true);
  });

  it("agrees with String.includes for every text and secret", () => {
    const word = fc.string({ minLength: MIN_CONTAINED_LENGTH, maxLength: 12, unit: fc.constantFrom("a", "b", "é") });
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 5 }),
        fc.string({ unit: fc.constantFrom("a", "b", "é") }),
        (secrets, text) => {
          const found = secrets.some((secret) => text.includes(secret));
          expect(setOf(...secrets).matches(text)).toBe(found);
        },
      ),
    );
  });

  it("finds every secret in every encoding at every place", () => {
    const encodings: ((text: string) => string)[] = [
      (text) => text,
      (text) => JSON.stringify(text),
      (text) => Buffer.from(text).toString("base64"),
      (text) => Buffer.from(text).toString("base64url"),
      (text) => Buffer.from(text).toString("hex"),
      (text) => encodeURIComponent(text),
    ];
    fc.assert(
      fc.property(
        fc.string({ minLength: 8, unit: "grapheme" }),
        fc.string({ unit: "grapheme-ascii" }),
        fc.string({ unit: "grapheme-ascii" }),
        fc.constantFrom(...encodings),
        (secret, before, after, encode) => {
          expect(setOf(secret).matches(encode(before + secret + after))).toBe(true);
        },
      ),
    );
  });

  it("stays linear with ten thousand secrets", () => {
    const set = setOf(...Array.from({ length: 10_000 }, (_, index) => `secret-number-${index}-${index * 7}`));
    const text = "no such thing in here, only ordinary words. ".repeat(2_000);
    expect(set.matches(text)).toBe(false);
    expect(set.matches(`${text}secret-number-9999-69993`)).toBe(true);
  });

  it(
    "stays linear with ten thousand secrets that are learned one by one, while it is asked",
    { timeout: 20_000 },
    () => {
      const set = setOf();
      for (let index = 0; index < 10_000; index += 1) {
        set.add(`${index * 7}-secret-number-${index}`);
        expect(set.matches(`a text with ${index * 7}-secret-number-${index} in it`)).toBe(true);
        expect(set.matches(`a text with secret-number-${index}`)).toBe(false);
      }
      expect(set.matches("0-secret-number-0")).toBe(true);
    },
  );
});

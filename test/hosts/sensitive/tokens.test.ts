import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../../src/base/canonical-json.js";
import { Tokens } from "../../../src/hosts/sensitive/tokens.js";
import { isSensitive } from "../../../src/protocol/sensitive.js";
import { redactConfig, redactValue, secrets } from "./redacting.js";

const HERE = { object: "a_thing.one", path: ["secret"] };
const ELSEWHERE = { object: "a_thing.two", path: ["other", 0] };

function classOf(token: string): string | undefined {
  return /^\(sensitive value ([^:]+):/.exec(token)?.[1];
}

describe("tokens of one run", () => {
  it("are equal for equal secrets, wherever these stand, and different for different ones", () => {
    const tokens = new Tokens();
    const value = fc.oneof(fc.string({ minLength: 6 }), fc.array(fc.string({ minLength: 6 }), { minLength: 1 }));
    fc.assert(
      fc.property(value, value, (one, other) => {
        expect(tokens.of(one, HERE)).toBe(tokens.of(one, ELSEWHERE));
        expect(tokens.of(one, HERE) === tokens.of(other, HERE)).toBe(canonicalJson(one) === canonicalJson(other));
      }),
    );
  });

  it("are one for a number and its text, as core makes one of the other", () => {
    const tokens = new Tokens();
    expect(tokens.of(1_234_567, HERE)).toBe(tokens.of("1234567", ELSEWHERE));
  });

  it("are never one for a text and a structure that is written the same", () => {
    const tokens = new Tokens();
    expect(tokens.of(["secret"], HERE)).not.toBe(tokens.of('["secret"]', HERE));
  });

  it("do not depend on the order of keys", () => {
    const tokens = new Tokens();
    expect(tokens.of({ a: "secret", b: { c: 1, d: 2 } }, HERE)).toBe(
      tokens.of({ b: { d: 2, c: 1 }, a: "secret" }, HERE),
    );
  });

  it("tell lone surrogates apart", () => {
    const tokens = new Tokens();
    expect(tokens.of("secret\ud800", HERE)).not.toBe(tokens.of("secret\ud801", HERE));
  });

  it("have their form, and nothing else has", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(isSensitive(new Tokens().of(value, HERE))).toBe(true);
      }),
    );
    const token = new Tokens().of("secret", HERE);
    for (const text of [
      "(sensitive value)",
      ` ${token}`,
      `${token} `,
      token.toUpperCase(),
      token.slice(0, -1),
      1,
      null,
    ]) {
      expect(isSensitive(text)).toBe(false);
    }
  });

  it("are known by their run, which knows what they stand for", () => {
    const tokens = new Tokens();
    const token = tokens.of("a-secret", HERE);
    expect([tokens.has(token), tokens.valueOf(token)]).toEqual([true, "a-secret"]);
    expect([new Tokens().has(token), tokens.has("a-secret")]).toEqual([false, false]);
  });

  it("differ from run to run", () => {
    expect(new Tokens().of("a-secret", HERE)).not.toBe(new Tokens().of("a-secret", HERE));
  });
});

describe("the length class of a token", () => {
  it.each([
    [0, "0-15"],
    [15, "0-15"],
    [16, "16-63"],
    [63, "16-63"],
    [64, "64-255"],
    [255, "64-255"],
    [256, "256+"],
    [100_000, "256+"],
  ])("of %i bytes is %s", (length, name) => {
    expect(classOf(new Tokens().of("x".repeat(length), HERE))).toBe(name);
  });

  it("counts bytes of UTF-8, and of a structure those of its JSON", () => {
    expect(classOf(new Tokens().of("é".repeat(8), HERE))).toBe("16-63");
    expect(classOf(new Tokens().of({ a: "123456789" }, HERE))).toBe("16-63");
    expect(classOf(new Tokens().of({ a: "12345678" }, HERE))).toBe("16-63");
    expect(classOf(new Tokens().of({ a: "1234567" }, HERE))).toBe("0-15");
  });
});

describe("the token of a value that has few possible ones", () => {
  const FEW = [true, false, 0, 42, 99_999, "", "12345", [true, 1], { on: true, pin: "1234" }, [], {}];

  it.each(FEW)("of %j tells only at its own place whether it changes", (value) => {
    const tokens = new Tokens();
    const token = tokens.of(value, HERE);
    expect(tokens.of(value, HERE)).toBe(token);
    expect(tokens.of("67890", HERE)).not.toBe(token);
    expect(tokens.of(value, { ...HERE, object: ELSEWHERE.object })).not.toBe(token);
    expect(tokens.of(value, { ...HERE, path: ELSEWHERE.path })).not.toBe(token);
  });

  it.each(["123456", 123_456, [{ deep: "123456" }]])("is not that of %j", (value) => {
    const tokens = new Tokens();
    expect(tokens.of(value, HERE)).toBe(tokens.of(value, ELSEWHERE));
  });

  it("is the same before and after a change, and in the configuration", () => {
    const set = secrets();
    const before = redactValue({ on: true }, { on: true }, set);
    const after = redactValue({ on: true }, { on: true }, set);
    const config = redactConfig({ expressions: { on: { constant_value: true } } }, [{ on: true }], set);
    expect(after).toEqual(before);
    expect(config).toEqual({ expressions: { on: { constant_value: (before.value as { on: string }).on } } });
  });
});

describe("a copy of a secret", () => {
  it("has the secret's own token; a text with more in it has one of its own", () => {
    const set = secrets("the-secret");
    const { value } = redactValue({ a: "the-secret", b: "the-secret", c: "url?the-secret" }, { a: true }, set);
    const { a, b, c } = value as Record<string, string>;
    expect([b === a, c === a]).toEqual([true, false]);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { marksAnything } from "../../../src/hosts/sensitive/marks.js";
import { MIN_CONTAINED_LENGTH } from "../../../src/hosts/sensitive/secret-forms.js";
import { SecretSet } from "../../../src/hosts/sensitive/secret-set.js";
import { isSensitive } from "../../../src/protocol/sensitive.js";
import { masked, TOKEN } from "../../support/tokens.js";
import { redactConfig, redactMarked, redactValue, secrets } from "./redacting.js";

const S = TOKEN;
const NONE = new SecretSet();

describe("marks that nest", () => {
  const cases: [what: string, value: unknown, marks: unknown, redacted: unknown][] = [
    [
      "in a list of objects, one attribute of one of them",
      {
        disks: [
          { key: "a", size: 1 },
          { key: "b", size: 2 },
        ],
      },
      { disks: [{}, { key: true }] },
      {
        disks: [
          { key: "a", size: 1 },
          { key: S, size: 2 },
        ],
      },
    ],
    ["in a list, one element as a whole", { l: [{ a: 1 }, { a: 2 }] }, { l: [true, {}] }, { l: [S, { a: 2 }] }],
    ["in a set, which core marks as a whole", { s: ["a", "b"] }, { s: true }, { s: S }],
    ["in a list of lists", { m: [["a", "b"], ["c"]] }, { m: [[false, true], [true]] }, { m: [["a", S], [S]] }],
    ["in a map, one key", { t: { a: "x", b: "y" } }, { t: { b: true } }, { t: { a: "x", b: S } }],
    [
      "in a map of maps",
      { t: { a: { b: { c: "x" } } } },
      { t: { a: { b: { c: true } } } },
      { t: { a: { b: { c: S } } } },
    ],
    ["of an attribute that is null", { a: null, b: "x" }, { a: true, b: true }, { a: null, b: S }],
    ["of an attribute that is not there", { b: "x" }, { a: true }, { b: "x" }],
    ["in fewer places than the list has", { l: ["a", "b", "c"] }, { l: [true] }, { l: [S, "b", "c"] }],
    ["in more places than the list has", { l: ["a"] }, { l: [false, true, true] }, { l: ["a"] }],
    ["that are all false", { a: { b: ["x"] } }, { a: { b: [false] } }, { a: { b: ["x"] } }],
    ["at the top", { a: 1 }, true, S],
    ["at the top of a list", ["a", "b"], [true, false], [S, "b"]],
    ["at the top of a text", "x", true, S],
    ["of an empty list as a whole", { l: [] }, { l: true }, { l: S }],
    [
      "of zero, false and the empty text",
      { a: 0, b: false, c: "" },
      { a: true, b: true, c: true },
      { a: S, b: S, c: S },
    ],
    ["in an empty list", { l: [] }, { l: [] }, { l: [] }],
    ["as an object for a list", { l: ["a", "b"] }, { l: { 0: true } }, { l: S }],
    ["as a list for an object", { o: { a: "x" } }, { o: [true] }, { o: S }],
    ["under a value that is no composite", { a: "x" }, { a: { b: true } }, { a: S }],
    ["under a number", { a: 5 }, { a: [true] }, { a: S }],
  ];

  it.each(cases)("%s", (_what, value, marks, redacted) => {
    expect(redactValue(value, marks, NONE).value).toEqual(redacted);
  });

  it("give every path that was replaced, from the outside in", () => {
    const value = { a: [{ b: "x" }, { b: "y" }], c: { d: "z" } };
    const { paths } = redactMarked(value, { a: [{ b: true }, { b: true }], c: true });
    expect(paths).toEqual([["a", 0, "b"], ["a", 1, "b"], ["c"]]);
  });

  it("mark something or nothing", () => {
    expect([true, { a: [{ b: true }] }, [[true]]].map(marksAnything)).toEqual([true, true, true]);
    expect([false, null, undefined, {}, [], { a: [{ b: false }] }, "true", 1].map(marksAnything)).toEqual(
      Array.from({ length: 8 }, () => false),
    );
  });

  it("replace a secret wherever it is marked, and change nothing else, for every value", () => {
    const marked = fc.letrec<{ node: { value: unknown; marks: unknown; kept: unknown } }>((tie) => ({
      node: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        fc.jsonValue({ maxDepth: 1 }).map((value) => ({ value, marks: false, kept: value })),
        fc.jsonValue({ maxDepth: 1 }).map((value) => ({ value, marks: true, kept: value === null ? null : S })),
        fc.array(tie("node"), { maxLength: 4 }).map((parts) => ({
          value: parts.map(({ value }) => value),
          marks: parts.map(({ marks }) => marks),
          kept: parts.map(({ kept }) => kept),
        })),
        fc.dictionary(fc.string(), tie("node"), { maxKeys: 4 }).map((parts) => {
          const of = (pick: (part: { value: unknown; marks: unknown; kept: unknown }) => unknown): unknown =>
            Object.fromEntries(Object.entries(parts).map(([key, part]) => [key, pick(part)]));
          return { value: of(({ value }) => value), marks: of(({ marks }) => marks), kept: of(({ kept }) => kept) };
        }),
      ),
    })).node;
    fc.assert(
      fc.property(marked, ({ value, marks, kept }) => {
        expect(redactMarked(value, marks).value).toEqual(kept);
      }),
    );
  });
});

describe("a short secret", () => {
  it.each(["a", "ab", "abc", "abcd", "abcde"])("%j is replaced as a whole text, and found in no other", (secret) => {
    const set = secrets(secret);
    const value = { whole: secret, inside: `x${secret}x`, before: `${secret} `, key: { [secret]: 1 } };
    const { value: redacted } = redactValue(value, false, set);
    expect(redacted).toMatchObject({ whole: S, inside: `x${secret}x` });
    expect(Object.keys((redacted as typeof value).key)).toEqual([S]);
  });

  it("is one of fewer than six units; the sixth makes it be found inside others", () => {
    const five = "abcde";
    const six = "abcdef";
    expect([five.length, six.length]).toEqual([MIN_CONTAINED_LENGTH - 1, MIN_CONTAINED_LENGTH]);
    expect(secrets(five).matches(`-${five}-`)).toBe(false);
    expect(secrets(six).matches(`-${six}-`)).toBe(true);
  });

  it("is replaced in base64 and hex as a whole text, too", () => {
    const set = secrets("abc");
    for (const form of ["YWJj", "616263"]) expect(set.matches(form)).toBe(true);
    for (const text of ["YWJjZA==", "0616263", "abcd"]) expect(set.matches(text)).toBe(false);
  });

  it("that is a number is only one of six digits or more", () => {
    expect(secrets(12_345).isEmpty).toBe(true);
    expect(secrets(123_456).matches("123456")).toBe(true);
    expect(secrets(123_456).matches("pin=123456;")).toBe(true);
  });
});

describe("a secret outside of ASCII", () => {
  const words = [
    "пароль",
    "密码密码密码",
    "pässwörd",
    "🔑🔑🔑",
    "a\u0301bcdefg",
    "tab\tand\nline",
    'quote"back\\slash',
    "<&>'xy'z",
  ];

  it.each(words)("%j is found in every form in which it turns up", (secret) => {
    const set = secrets(secret);
    const forms = [
      secret,
      `before ${secret} after`,
      JSON.stringify({ a: secret }),
      encodeURIComponent(`k=${secret}&`),
      Buffer.from(secret).toString("base64"),
      Buffer.from(secret).toString("hex"),
      Buffer.from(secret).toString("base64url"),
      Buffer.from(`user:${secret}`).toString("base64"),
    ];
    const missed = forms.filter((form) => !set.matches(form));
    expect(missed).toEqual([]);
  });

  it("does not match the start of another word", () => {
    const set = secrets("пароль");
    expect(["парол", "ПАРОЛЬ", "пар оль"].filter((text) => set.matches(text))).toEqual([]);
  });
});

describe("a secret that is a list or an object", () => {
  it("is every text and long number in it, wherever they turn up, and no key", () => {
    const set = secrets({
      user: "database-admin",
      ports: [443, 1_234_567],
      on: true,
      nested: [{ token: "token-value" }],
    });
    const found = ["database-admin", "1234567", "token-value"].filter((text) => set.matches(text));
    expect(found).toHaveLength(3);
    expect(["user", "ports", "nested", "443", "true"].filter((text) => set.matches(text))).toEqual([]);
  });

  it("that was replaced as a whole stays one replacement", () => {
    const set = secrets({ a: "first-secret", b: "second-secret" });
    const { value, paths } = redactValue({ all: { a: "first-secret", b: "second-secret" } }, { all: true }, set);
    expect([value, paths]).toEqual([{ all: S }, [["all"]]]);
  });
});

describe("the keys of a map in a configuration block", () => {
  it.each([
    ["for_each", { for_each_expression: { constant_value: { "token-abc": 1 } } }],
    ["an attribute", { expressions: { tags: { constant_value: { "token-abc": 1 } } } }],
    ["an attribute of a nested block", { expressions: { disk: [{ tags: { constant_value: { "token-abc": 1 } } }] } }],
  ])("are replaced in %s when they hold a secret", (_what, block) => {
    const redacted = masked(redactConfig({ address: "a.b", ...block }, [], secrets("token-abc")));
    expect(redacted).not.toContain("token-abc");
    expect(redacted).toContain(`"constant_value":{"(token)":1}`);
  });

  it("leave the names of attributes, and the parts of the block itself", () => {
    const block = { address: "a.b", expressions: { username: { references: ["var.x"] } } };
    expect(redactConfig(block, [], secrets("username", "address", "expressions"))).toEqual(block);
  });
});

describe("the replacement itself", () => {
  const LOOKALIKES = ["(sensitive value)", `(sensitive value 16-63:${"0123456789ab".repeat(2)})`, "(sensitive value"];

  it.each(LOOKALIKES)("cannot be written by a resource: %j is replaced, as a value and as a key", (text) => {
    for (const set of [new SecretSet(), secrets("another-secret")]) {
      const { value, paths } = redactValue({ a: text, list: [{ [text]: 1 }] }, false, set);
      const { a, list } = value as { a: string; list: [Record<string, number>] };
      const [key = ""] = Object.keys(list[0]);
      expect([a, key].map((token) => isSensitive(token) && token !== text)).toEqual([true, true]);
      expect(paths).toEqual([["a"], ["list", 0, key]]);
    }
  });

  it("stays as it is when the value is looked at again, with what was learned since", () => {
    const set = secrets();
    const first = redactValue({ a: "first-secret" }, { a: true }, set);
    set.add("sensitive");
    expect(redactValue(first.value, false, set)).toEqual({ value: first.value, paths: [] });
  });

  it("of several keys of one map never makes them one", () => {
    const set = secrets("secret-one", "secret-two", "secret-three");
    const map = { "secret-one": 1, "(sensitive value)": 0, "secret-two": 2, "secret-three": 3, plain: 4 };
    const { value } = redactValue({ map }, false, set);
    const redacted = (value as { map: Record<string, number> }).map;
    expect(Object.values(redacted).sort()).toEqual([0, 1, 2, 3, 4]);
    expect(JSON.stringify(redacted)).not.toContain("secret-");
  });

  it("of a hundred thousand keys of one map takes no time worth telling", () => {
    const map = Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`secret-key ${at}`, at]));
    const { paths } = redactValue({ map }, false, secrets("secret-key"));
    expect(paths).toHaveLength(100_000);
  });
});

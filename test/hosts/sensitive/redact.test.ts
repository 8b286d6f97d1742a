import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { collectMarked } from "../../../src/hosts/sensitive/marks.js";
import { masked, TOKEN } from "../../support/tokens.js";
import { redactConfig, redactValue, secrets } from "./redacting.js";

const none = secrets();

describe("marked values", () => {
  it("are replaced, and their paths given", () => {
    const value = { password: "s", tags: { a: "b", token: "t" }, list: ["x", "y"] };
    const marks = { password: true, tags: { token: true }, list: [false, true] };
    expect(redactValue(value, marks, none)).toEqual({
      value: { password: TOKEN, tags: { a: "b", token: TOKEN }, list: ["x", TOKEN] },
      paths: [["password"], ["tags", "token"], ["list", 1]],
    });
  });

  it("are replaced as a whole under a mark at the top", () => {
    expect(redactValue({ a: 1 }, true, none)).toEqual({ value: TOKEN, paths: [[]] });
  });

  it("are replaced whatever their type: object, number, false, empty string", () => {
    for (const value of [{ deep: [1] }, 0, false, ""]) {
      expect(redactValue({ a: value }, { a: true }, none).value).toEqual({ a: TOKEN });
    }
  });

  it("stay null where nothing was set", () => {
    expect(redactValue({ a: null }, { a: true }, none)).toEqual({ value: { a: null }, paths: [] });
    expect(redactValue(null, true, none)).toEqual({ value: null, paths: [] });
  });

  it("are the very same object when nothing is marked", () => {
    const value = { a: { b: [1] } };
    for (const marks of [undefined, false, {}, { a: { b: [false] } }]) {
      expect(redactValue(value, marks, none).value).toBe(value);
    }
  });

  it("are replaced as a whole when the marks do not fit their shape", () => {
    for (const [value, marks] of [
      ["text", { a: true }],
      [["x"], { "0": true }],
      [{ "0": "x" }, [true]],
    ]) {
      expect(redactValue({ v: value }, { v: marks }, none).value).toEqual({ v: TOKEN });
    }
  });

  it("leave a key __proto__ an ordinary key", () => {
    const value = JSON.parse('{"a":"s","__proto__":{"b":"x"}}') as unknown;
    const { value: redacted } = redactValue(value, { a: true }, none);
    expect(masked(redacted)).toBe(`{"a":"(token)","__proto__":{"b":"x"}}`);
    expect(Object.getPrototypeOf(redacted)).toBe(Object.prototype);
  });
});

describe("unmarked copies of a secret", () => {
  it("are replaced and their paths given", () => {
    const set = secrets("top-secret-1");
    expect(redactValue({ a: "top-secret-1", b: ["-", "url?top-secret-1"], c: "other" }, {}, set)).toEqual({
      value: { a: TOKEN, b: ["-", TOKEN], c: "other" },
      paths: [["a"], ["b", 1]],
    });
  });

  it("are replaced when they are numbers", () => {
    expect(redactValue({ pin: 1_234_567, port: 443 }, {}, secrets(1_234_567)).value).toEqual({
      pin: TOKEN,
      port: 443,
    });
  });

  it("are replaced in the keys of maps, but never in the names of attributes", () => {
    const set = secrets("password", "token-abc");
    const value = { password: null, tags: { "token-abc": "x", "by-token-abc": "y", z: "z" } };
    const redacted = redactValue(value, {}, set);
    const [first = "", second = ""] = redacted.paths.map((path) => String(path.at(-1)));
    expect([first, second, first === second]).toEqual([TOKEN, TOKEN, false]);
    expect(redacted).toEqual({
      value: { password: null, tags: { [first]: "x", [second]: "y", z: "z" } },
      paths: [
        ["tags", first],
        ["tags", second],
      ],
    });
  });

  it("leave everything else the very same object", () => {
    const value = { a: { b: [1, "x"] }, c: { d: "top-secret-1" } };
    const redacted = redactValue(value, {}, secrets("top-secret-1")).value as typeof value;
    expect(redacted.a).toBe(value.a);
    expect(redacted.c).not.toBe(value.c);
    expect(value.c.d).toBe("top-secret-1");
  });

  it("leave no trace in any value that holds them somewhere", () => {
    const secret = "xK9-secret-xK9";
    const leaf = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.constant(null),
      fc.constant(secret),
      fc.string().map((text) => text + secret + text),
    );
    const tree = fc.letrec((tie) => ({
      node: fc.oneof(
        { depthSize: "small" },
        leaf,
        fc.array(tie("node")),
        fc.dictionary(fc.oneof(fc.string(), fc.constant(secret)), tie("node")),
      ),
    })).node;
    fc.assert(
      fc.property(tree, (value) => {
        const { value: redacted } = redactValue({ attribute: value }, false, secrets(secret));
        expect(JSON.stringify(redacted)).not.toContain(secret);
      }),
    );
  });
});

describe("collectMarked", () => {
  it("takes the marked parts and no others", () => {
    const set = secrets();
    collectMarked({ a: "marked-secret", b: "not-a-secret", c: { d: "deep-marked" } }, { a: true, c: { d: true } }, set);
    expect(["marked-secret", "not-a-secret", "deep-marked"].map((text) => set.matches(text))).toEqual([
      true,
      false,
      true,
    ]);
  });
});

describe("redactConfig", () => {
  const config = {
    address: "a.b",
    expressions: {
      pin: { constant_value: 12 },
      token: { references: ["var.token"] },
      disk: [{ key: { constant_value: "k" }, size: { constant_value: 8 } }],
      note: { constant_value: "has top-secret-1 in it" },
      password: { constant_value: "fine" },
    },
  };

  it("replaces constants at the marks of the value", () => {
    const redacted = redactConfig(config, [{ pin: true }, { disk: [{ key: true }] }], none);
    expect(redacted).toEqual({
      ...config,
      expressions: {
        ...config.expressions,
        pin: { constant_value: TOKEN },
        disk: [{ key: { constant_value: TOKEN }, size: { constant_value: 8 } }],
      },
    });
  });

  it("keeps references, which are no values", () => {
    expect(redactConfig(config, [{ token: true }], none)).toEqual(config);
  });

  it("replaces every constant of a block that is marked as a whole", () => {
    const redacted = redactConfig(config, [{ disk: true }], none);
    expect(masked(redacted)).toContain(
      '"disk":[{"key":{"constant_value":"(token)"},"size":{"constant_value":"(token)"}}]',
    );
  });

  it("replaces copies of secrets and leaves the names of attributes", () => {
    const redacted = JSON.stringify(redactConfig(config, [], secrets("top-secret-1", "password")));
    expect(redacted).not.toContain("top-secret-1");
    expect(redacted).toContain('"password":{"constant_value":"fine"}');
  });

  it("is the very same object without secrets", () => {
    expect(redactConfig(config, [false, {}], none)).toBe(config);
  });
});

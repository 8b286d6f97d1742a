import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DeclareError } from "../../src/declare/declare-error.js";
import { parseJson } from "../../src/declare/json-text.js";
import type { Literal } from "../../src/declare/literal.js";
import { SourceText } from "../../src/declare/source-text.js";

function plain(literal: Literal): unknown {
  switch (literal.kind) {
    case "scalar":
      return literal.value;
    case "number":
      return Number(literal.text);
    case "list":
      return literal.items.map(plain);
    case "object":
      return Object.fromEntries(literal.entries.map((entry) => [entry.key, plain(entry.value)]));
  }
}

function parse(text: string): Literal {
  return parseJson(new SourceText("main.tf.json", text));
}

/** What our reader and the engine's make of a text: the same value, or an error from both. */
function expectAgreement(inner: string): void {
  // In a list at the top everything is kept, whatever its keys.
  const text = `[${inner}]`;
  let expected: unknown;
  try {
    expected = JSON.parse(text);
  } catch {
    expect(() => parse(text)).toThrow(DeclareError);
    return;
  }
  expect(plain(parse(text))).toEqual(expected);
}

test("every JSON value is read as the engine reads it, however it is laid out", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom("", " ", "\t", "\n  ", "\r\n"), (text, indent) => {
      const value: unknown = JSON.parse(text);
      expectAgreement(JSON.stringify(value, null, indent));
    }),
  );
});

test("a text with one character changed is taken or refused as by the engine", () => {
  const characters = fc.constantFrom(...Array.from('{}[]:,"\\ \n\t0123456789-+.eEtrufalsn/\u0000\u001fé'));
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), fc.nat(), characters, fc.boolean(), (text, seed, character, replaces) => {
      const at = seed % (text.length + 1);
      expectAgreement(text.slice(0, at) + character + text.slice(at + (replaces ? 1 : 0)));
    }),
    { numRuns: 1_000 },
  );
});

test.each([
  "",
  " ",
  "01",
  "-",
  "1.",
  ".5",
  "+1",
  "1e",
  "0x1f",
  "NaN",
  "Infinity",
  "undefined",
  "'a'",
  '"\\x"',
  '"\\u12"',
  '"\n"',
  '"\\',
  '"',
  "[1,]",
  "{,}",
  '{"a"}',
  '{"a":1,}',
  "{a:1}",
  "[1 2]",
  "nulll",
  "true false",
  "// comment\n1",
  "\u00a01",
])("%j is refused, as by the engine", (text) => {
  expectAgreement(text);
  expect(() => parse(text)).toThrow(DeclareError);
});

test("blocks that hold no integrations are checked, but come out empty", () => {
  expect(plain(parse('{"resource":{"a":[1]},"terraform":{"x":[1]},"provider":{"y":2},"locals":[{}]}'))).toEqual({
    resource: {},
    terraform: { x: [1] },
    provider: { y: 2 },
    locals: [],
  });
  expect(() => parse('{"resource":{"a":[1,]}}')).toThrow(DeclareError);
});

describe("places", () => {
  test("every key and value knows where it starts", () => {
    const text = '{\n  "provider": [1, "two"],\n  "terraform": { "c": null }\n}';
    const seen: string[] = [];
    const walk = (literal: Literal): void => {
      seen.push(text.slice(literal.offset, literal.offset + 1));
      if (literal.kind === "list") literal.items.forEach(walk);
      if (literal.kind !== "object") return;
      for (const entry of literal.entries) {
        expect(text.slice(entry.offset)).toMatch(new RegExp(`^"${entry.key}"`));
        walk(entry.value);
      }
    };
    walk(parse(text));
    expect(seen).toEqual(["{", "[", "1", '"', "{", "n"]);
  });

  test("a key given twice is there twice", () => {
    const literal = parse('{"a":1,"a":2}');
    expect(literal.kind === "object" && literal.entries.map(({ key }) => key)).toEqual(["a", "a"]);
  });
});

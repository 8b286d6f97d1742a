import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hclLiteral, parts } from "../../../../src/declare/hcl-literal.js";
import { withSyntaxTree } from "../../../../src/declare/hcl-parser.js";
import { toValue } from "../../../../src/declare/literal.js";
import type { JsonValue } from "../../../../src/declare/literal.js";
import { SourceText } from "../../../../src/declare/source-text.js";
import { literalOrNone, quickValue } from "../../../../src/hosts/terraform/configuration/literal-text.js";

/** What the syntax tree says of an expression; null when it is no valid one. */
function slowValue(text: string): Promise<{ value: JsonValue | undefined; text: string } | null> {
  const source = new SourceText("f", `x = ${text}\n`);
  return withSyntaxTree(source, (root) => {
    const [body] = parts(root);
    const [attribute, ...others] = body === undefined ? [] : parts(body);
    const [, expression] = attribute === undefined ? [] : parts(attribute);
    if (root.hasError || expression === undefined || others.length > 0) return null;
    const written = source.text.slice(expression.startIndex, expression.endIndex);
    return { value: literalOrNone(() => toValue(hclLiteral(expression, source), source)), text: written };
  });
}

describe("the text alone tells", () => {
  test.each<[string, JsonValue | undefined]>([
    ['"a b"', "a b"],
    ['""', ""],
    ["true", true],
    ["null", null],
    ["-0", 0],
    ["1.5", 1.5],
    ["[]", []],
    ["{}", {}],
    ['[ "a", 1,\n true, ]', ["a", 1, true]],
    ['{ a = 1, "b" : [2]\n c={}}', { a: 1, b: [2], c: {} }],
    ["var.x", undefined],
    ["truely", undefined],
    ["f(1)", undefined],
    ["!true", undefined],
    ['"${var.x}"', undefined],
    ['"%{ if true }a%{ endif }"', undefined],
    ["[var.x]", undefined],
    ["{ a = { b = local.c } }", undefined],
  ])("%s", (text, value) => {
    expect(quickValue(text)).toEqual({ value });
  });

  test.each([
    '"a\\n"',
    '"$${a}"',
    "<<EOT\na\nEOT",
    "1 + 2",
    "{ (a) = 1 }",
    "[1] # c",
    "[/* c */ 1]",
    "{ a = 1 b = 2 }",
    "[for x in y : x]",
  ])("nothing of %j", (text) => {
    const quick = quickValue(text);
    if (quick !== undefined) expect(quick).toEqual({ value: undefined });
  });
});

test("and never other than the syntax tree", async () => {
  const scalar = fc.oneof(
    fc.constantFrom(
      '"a"',
      '"a b"',
      '"$"',
      '"%{"',
      '"$${a}"',
      '"${b}"',
      '"\\t"',
      "true",
      "false",
      "null",
      "var.x",
      "f(1)",
    ),
    fc.constantFrom(
      "0",
      "-0",
      "1.50",
      "-2.5",
      "123456789012345678",
      "1e5",
      "0x1f",
      "-x",
      "!true",
      "<<E\na\nE\n",
      "(1)",
    ),
    fc.integer().map(String),
  );
  const space = fc.constantFrom("", " ", "\n", "\t", " # c\n", "/* c */", "\r\n");
  const comma = fc.constantFrom(",", ", ", ",\n");
  const key = fc.constantFrom("a", "b", "c-d", '"e"', '"f g"', "true", "1", "(h)", "__proto__", "constructor");
  const { value: expression } = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      { weight: 3, arbitrary: scalar },
      fc
        .tuple(fc.array(fc.tuple(space, tie("value"), space), { maxLength: 3 }), comma, space)
        .map(([items, separator, end]) => `[${items.map((item) => item.join("")).join(separator)}${end}]`),
      fc
        .tuple(
          fc.array(fc.tuple(space, key, fc.constantFrom("=", " = ", " : "), tie("value")), { maxLength: 3 }),
          fc.constantFrom(",", "\n", ",\n", " "),
          space,
        )
        .map(([entries, separator, end]) => `{${entries.map((entry) => entry.join("")).join(separator)}${end}}`),
      fc
        .tuple(tie("value"), fc.constantFrom(" + ", " == ", " ? 1 : ", "[0]", ".x"), tie("value"))
        .map((all) => all.join("")),
    ),
  }));
  let decided = 0;
  await fc.assert(
    fc.asyncProperty(expression, async (written) => {
      const slow = await slowValue(written);
      if (slow === null) return;
      const quick = quickValue(slow.text);
      if (quick === undefined) return;
      decided += 1;
      expect(quick.value).toEqual(slow.value);
    }),
    { numRuns: 2_000 },
  );
  expect(decided).toBeGreaterThan(500);
});

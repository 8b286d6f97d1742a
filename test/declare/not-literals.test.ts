import { describe, expect, test } from "vitest";
import { bodyFaults, declaredBody } from "./folder.js";

/** The codes of an `airlock.hcl` whose config holds this expression. */
async function codes(hcl: string): Promise<string[]> {
  return (await bodyFaults(`config = { value = ${hcl} }`)).map((fault) => fault.split(" ")[0] ?? "");
}

describe("what would have to be evaluated", () => {
  test.each([
    "var.region",
    "local.a.b",
    "data.aws_zone.a.id",
    "each.value",
    "path.module",
    "upper(var.a)",
    'file("secret.txt")',
    "[for a in [1] : a]",
    "{ for k, v in {} : k => v }",
    "true ? 1 : 2",
    "1 + 2",
    "!true",
    "-var.a",
    "- -1",
    "-true",
    "1 == 1",
    "a && b",
    "[1, 2][0]",
    "{ a = 1 }.a",
    "aws_vm.a[*].id",
    "(1)",
    '"${var.a}"',
    '"prefix-${var.a}"',
    '"%{ if true }a%{ endif }"',
    "[var.a]",
    "{ a = [{ b = var.a }] }",
    "{ (var.a) = 1 }",
    '{ "${var.a}" = 1 }',
    "{ [1] = 2 }",
    "<<EOT\n${var.a}\nEOT\n",
  ])("%s is no literal", async (hcl) => {
    const found = await codes(hcl);
    expect(found.length).toBeGreaterThan(0);
    for (const code of found) expect(["DECLARE_NOT_LITERAL", "DECLARE_SYNTAX"]).toContain(code);
  });
});

describe("a heredoc", () => {
  test.each([
    ["<<EOT\na\n  b\nEOT\n", "a\n  b\n"],
    ["<<-EOT\n    a\n      b\n    EOT\n", "a\n  b\n"],
    ["<<-EOT\n    a\n\n    b\n    EOT\n", "a\n\nb\n"],
    ["<<EOT\nEOT\n", ""],
    ["<<EOT\n$${kept}\nEOT\n", "${kept}\n"],
  ])("%j is its text", async (hcl, text) => {
    expect((await declaredBody(`config = {\n value = ${hcl} }`)).config["value"]).toBe(text);
  });
});

describe("values that are literals in any other place", () => {
  test.each([
    ["source", "[]"],
    ["source", "5"],
    ["timeout", "{}"],
    ["timeout", "true"],
    ["memory", "null_lit"],
    ["hooks", '"post-plan-resource"'],
    ["hooks", "[1]"],
    ["resources", "[null]"],
    ["after", "[[]]"],
    ["on_error", '"ignore"'],
    ["config", "[]"],
    ["grants", "5"],
  ])("%s = %s is refused with a code", async (name, hcl) => {
    const found = await bodyFaults(`${name} = ${hcl}`);
    expect(found.length).toBeGreaterThan(0);
    for (const fault of found) expect(fault).toMatch(/^DECLARE_(BAD_VALUE|NOT_LITERAL|WRONG_TYPE|UNKNOWN_HOOK) 2:\d+$/);
  });
});

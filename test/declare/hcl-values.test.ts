import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bodyFaults, declaredBody } from "./folder.js";

async function value(hcl: string): Promise<unknown> {
  return (await declaredBody(`config = { value = ${hcl} }`)).config["value"];
}

describe("literals", () => {
  test.each([
    ["null", null],
    ["true", true],
    ["false", false],
    ["0", 0],
    ["-0", 0],
    ["42", 42],
    ["-7", -7],
    ["- 7", -7],
    ["1.5", 1.5],
    ["-2.5e-3", -0.0025],
    ["9007199254740991", Number.MAX_SAFE_INTEGER],
    ["[]", []],
    ["{}", {}],
    ["[1, [2], {}, ]", [1, [2], {}]],
    ["{ a = 1, b : 2 }", { a: 1, b: 2 }],
    ["{ a = 1\n b = 2\n }", { a: 1, b: 2 }],
    ['{ "a b" = 1, 5 = 2, true = 3, null = 4 }', { "a b": 1, "5": 2, true: 3, null: 4 }],
    ["[ # one\n 1, /* two */ 2 // three\n ]", [1, 2]],
  ])("%s", async (hcl, expected) => {
    expect(await value(hcl)).toEqual(expected);
  });
});

describe("strings", () => {
  test.each([
    ['""', ""],
    ['"  spaces  "', "  spaces  "],
    ['"\\n\\r\\t\\"\\\\"', '\n\r\t"\\'],
    ['"\\u00e9\\U0001F600"', "é😀"],
    ['"$${name} %%{if}"', "${name} %{if}"],
    ['"$ $$ % %% {}"', "$ $$ % %% {}"],
    ['"# no // comment /* */"', "# no // comment /* */"],
    ['"日本"', "日本"],
  ])("%s", async (hcl, expected) => {
    expect(await value(hcl)).toBe(expected);
  });

  test("any text comes back from its quoted form", async () => {
    const quoted = (text: string) =>
      `"${JSON.stringify(text)
        .slice(1, -1)
        .replace(/\\[bf]/g, (escape) => (escape === "\\b" ? "\\u0008" : "\\u000c"))}"`;
    const texts = fc.string({ unit: "grapheme" }).filter((text) => !/[$%]\{/.test(text));
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        expect(await value(quoted(text))).toBe(text);
      }),
      { numRuns: 50 },
    );
  });
});

describe("heredocs", () => {
  async function heredoc(text: string): Promise<unknown> {
    return (await declaredBody(`config = {\n value = ${text}\n}`)).config["value"];
  }

  test.each([
    ["<<EOT\nEOT", ""],
    ["<<EOT\none\n  two\nEOT", "one\n  two\n"],
    ["<<EOT\n  \\n stays, $${x} does not\n  EOT", "  \\n stays, ${x} does not\n"],
    ["<<-EOT\n    one\n      two\n\n    three\n  EOT", "one\n  two\n\nthree\n"],
    ["<<-EOT\n  ${'$'}\n  EOT".replace("${'$'}", "$"), "$\n"],
    ['<<EOT\n"quotes" and } braces {\nEOT', '"quotes" and } braces {\n'],
  ])("%j", async (text, expected) => {
    expect(await heredoc(text)).toBe(expected);
  });

  test("the last line of the file may be its end", async () => {
    const body = await declaredBody("config = { a = 1 }\n source = <<EOT\nx\nEOT");
    expect(body.source).toBe("x\n");
  });

  test("a template inside is refused", async () => {
    expect(await bodyFaults("source = <<EOT\n${path.module}/x\nEOT")).toEqual(["DECLARE_NOT_LITERAL 2:10"]);
  });
});

describe("what is no literal is refused at its place", () => {
  test.each([
    ["config = { a = var.owner }", "2:16"],
    ["config = { a = local.x[0] }", "2:16"],
    ['config = { a = "x-${var.y}" }', "2:19"],
    ['config = { a = "%{ if true }x%{ endif }" }', "2:17"],
    ['config = { a = file("x") }', "2:16"],
    ["config = { a = 1 + 2 }", "2:16"],
    ["config = { a = !true }", "2:16"],
    ['config = { a = -"1" }', "2:16"],
    ["config = { a = true ? 1 : 2 }", "2:16"],
    ["config = { a = [for x in [1] : x] }", "2:16"],
    ["config = { a = (1) }", "2:16"],
    ["config = { (a) = 1 }", "2:12"],
    ['config = { "${a}" = 1 }', "2:13"],
    ["config = { a.b = 1 }", "2:12"],
    ["source = each", "2:10"],
    ["after = [integration.logger]", "2:10"],
  ])("%s", async (body, place) => {
    expect(await bodyFaults(body)).toEqual([`DECLARE_NOT_LITERAL ${place}`]);
  });
});

describe("numbers that would not arrive as written are refused", () => {
  test.each(["9007199254740992", "-9007199254740992", "1.0e999", "0x1f"])("%s", async (number) => {
    expect(await bodyFaults(`config = { a = ${number} }`)).toEqual(["DECLARE_BAD_VALUE 2:16"]);
  });
});

describe("keys", () => {
  test.each(["__proto__", '"constructor"', "prototype"])("%s is refused at any depth", async (key) => {
    expect(await bodyFaults(`config = { ${key} = 1 }`)).toEqual(["DECLARE_FORBIDDEN_KEY 2:12"]);
    expect(await bodyFaults(`config = { a = [{ ${key} = 1 }] }`)).toEqual(["DECLARE_FORBIDDEN_KEY 2:19"]);
  });

  test("one key twice is refused", async () => {
    expect(await bodyFaults('config = { a = 1, "a" = 2 }')).toEqual(["DECLARE_DUPLICATE_ARGUMENT 2:19"]);
  });
});

import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { DECLARE_ERROR_CODES } from "../../src/declare/declare-error.js";
import { ARGUMENT_NAMES } from "../../src/declare/arguments.js";
import { GrantsSchema } from "../../src/protocol/grants.js";
import { declared, faults } from "./folder.js";

const reference = await readFile(new URL("../../docs/declarations.md", import.meta.url), "utf8");

/** What stands in backquotes in the first cell of the tables of a section. */
function firstCells(heading: string): string[] {
  const section = reference.split(/^##+ /m).find((text) => text.startsWith(`${heading}\n`)) ?? "";
  return [...section.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] ?? "");
}

function examples(language: string): string[] {
  return [...reference.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))].map((match) => match[1] ?? "");
}

describe("docs/declarations.md", () => {
  test("names every argument in its order, and no other", () => {
    expect(firstCells("The block")).toEqual(ARGUMENT_NAMES);
  });

  test("names every grant, and no other", () => {
    expect(firstCells("Grants")).toEqual(Object.keys(GrantsSchema.entries));
  });

  test("names every error code, and no other", () => {
    expect(firstCells("Errors")).toEqual([...DECLARE_ERROR_CODES]);
  });

  test("has examples that can be read", async () => {
    const [airlock = "", main = ""] = examples("hcl");
    expect((await declared({ "airlock.hcl": airlock })).map(({ name }) => name)).toEqual(["logger", "budget_checker"]);
    expect(await declared({ "main.tf": main })).toMatchObject([{ name: "budget_checker" }]);
    expect(await declared({ "main.tf.json": examples("json")[0] ?? "" })).toMatchObject([{ name: "budget_checker" }]);
  });
});

describe("the common mistakes of the reference have the codes it gives them", () => {
  const body = (text: string) => `integration "a" {\n  ${text}\n}\n`;

  test.each([
    ["DECLARE_SYNTAX", body("source = 'a'")],
    ["DECLARE_MISPLACED", body("config { max_cost = 1 }")],
    ["DECLARE_MISPLACED", "terraform { }"],
    ["DECLARE_BAD_NAME", "integration { }"],
    ["DECLARE_BAD_NAME", 'integration "my checker" { }'],
    ["DECLARE_UNKNOWN_ARGUMENT", body("conifg = { }")],
    ["DECLARE_UNKNOWN_ARGUMENT", body("grants = { network = true }")],
    ["DECLARE_DUPLICATE_ARGUMENT", body("config = { a = 1, a = 2 }")],
    ["DECLARE_NOT_LITERAL", body("config = { owner = var.owner }")],
    ["DECLARE_NOT_LITERAL", body('source = "${path.module}/x"')],
    ["DECLARE_FORBIDDEN_KEY", body("config = { constructor = 1 }")],
    ["DECLARE_BAD_VALUE", body("timeout = 5")],
    ["DECLARE_BAD_VALUE", body('memory = "64MB"')],
    ["DECLARE_BAD_VALUE", body('on_error = "ignore"')],
    ["DECLARE_BAD_VALUE", body('hooks = ["post-plan"]')],
    ["DECLARE_DUPLICATE_NAME", 'integration "logger" {}\nintegration "logger" {}'],
    ["DECLARE_UNKNOWN_AFTER", 'integration "logger" {}\nintegration "a" { after = ["loger"] }'],
    ["DECLARE_CYCLE", 'integration "a" { after = ["b"] }\nintegration "b" { after = ["a"] }'],
  ])("%s %j", async (code, text) => {
    expect((await faults({ "airlock.hcl": text })).map((error) => error.code)).toEqual([code]);
  });
});

import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readConfiguration } from "../../../../src/hosts/terraform/configuration/read-configuration.js";
import { sensitiveVariableValues } from "../../../../src/hosts/terraform/configuration/variable-values.js";
import { tree } from "./folder.js";

const MAIN = `
variable "secret" {
  sensitive = true
}
variable "other" {
  sensitive = true
  default   = "the-default"
}
variable "plain" {}
`;

interface Given {
  readonly vars?: readonly string[];
  readonly varFiles?: readonly string[];
  readonly environment?: Record<string, string | undefined>;
}

async function values(files: Record<string, string>, { vars = [], varFiles = [], environment = {} }: Given = {}) {
  const root = tree({ "main.tf": MAIN, ...files });
  const configuration = await readConfiguration(root, { dataDir: ".terraform" });
  const given = { vars, varFiles: varFiles.map((name) => join(root, name)) };
  const found = await sensitiveVariableValues(root, configuration, given, environment);
  return [...found].filter((value) => value !== "the-default");
}

describe("values of sensitive variables", () => {
  test("defaults", async () => {
    const root = tree({ "main.tf": MAIN });
    const configuration = await readConfiguration(root, { dataDir: ".terraform" });
    const found = await sensitiveVariableValues(root, configuration, { vars: [], varFiles: [] }, {});
    expect([...found]).toEqual(["the-default"]);
  });

  test.each([
    ["terraform.tfvars", 'secret = "s"\nplain = "p"\n'],
    ["terraform.tfvars.json", '{"secret":"s","plain":"p"}'],
    ["a.auto.tfvars", 'plain = "p"\nsecret = "s"'],
    ["b.auto.tfvars.json", '{"secret":"s"}'],
  ])("of %s", async (name, text) => {
    expect(await values({ [name]: text })).toEqual(["s"]);
  });

  test("files that core does not read by itself are not read", async () => {
    expect(
      await values({
        "my.tfvars": 'secret = "s"',
        "auto.tfvars": 'secret = "t"',
        "sub/terraform.tfvars": 'secret = "u"',
      }),
    ).toEqual([]);
  });

  test("of -var-file, in either form, whatever its name", async () => {
    const files = { "my.tfvars": 'secret = "s"', "my.json": '{"secret":["t"]}', pipe: ' {"secret":"u"}' };
    expect(await values(files, { varFiles: Object.keys(files) })).toEqual(["s", ["t"], "u"]);
  });

  test("of -var and the environment: as they are, and as expressions", async () => {
    const given = {
      vars: [
        "secret=plain text",
        'secret={ user = "u", password = "p" }',
        "plain=no",
        "secret=a=b",
        "broken",
        "secret=12",
      ],
      environment: { TF_VAR_other: '["x"]', TF_VAR_plain: "no", OTHER: "no", TF_VAR_secret: undefined },
    };
    expect(await values({}, given)).toEqual([
      "plain text",
      '{ user = "u", password = "p" }',
      { user: "u", password: "p" },
      "a=b",
      "12",
      12,
      '["x"]',
      ["x"],
    ]);
  });

  test("a text that would end the expression early is one text", async () => {
    expect(await values({}, { vars: ['secret="a"\nsecret = "b"'] })).toEqual(['"a"\nsecret = "b"', "a"]);
  });

  test("of several places, all", async () => {
    const files = { "terraform.tfvars": 'secret = "one"', "x.auto.tfvars": 'secret = "two"' };
    expect(await values(files, { vars: ["secret=three"], environment: { TF_VAR_secret: "four" } })).toEqual([
      "one",
      "two",
      "three",
      "four",
    ]);
  });

  test("strings of JSON files are no templates; null is no value", async () => {
    expect(await values({ "terraform.tfvars.json": '{"secret":"a${b}","other":null}' })).toEqual(["a${b}"]);
  });

  test("files that are missing, broken or evaluated are core's to tell", async () => {
    const files = { "broken.tfvars": 'secret = "s"\nother = = 1\n', "evaluated.tfvars": "secret = f()", "x.json": "{" };
    const varFiles = ["missing.tfvars", "broken.tfvars", "evaluated.tfvars", "x.json"];
    expect(await values(files, { varFiles })).toEqual(["s"]);
  });

  test("variables of child modules have theirs from their callers", async () => {
    const child = 'variable "inner" {\n  sensitive = true\n  default = "d"\n}';
    const files = { "call.tf": 'module "m" {\n  source = "./m"\n}', "m/main.tf": child };
    expect(await values(files, { vars: ["inner=x"] })).toEqual([]);
  });

  test("a folder that is not there has none", async () => {
    const configuration = { sensitiveVariables: [{ modulePath: [], name: "a", defaultValue: undefined }] };
    const found = await sensitiveVariableValues("/nowhere/at/all", configuration, { vars: ["a=b"], varFiles: [] }, {});
    expect([...found]).toEqual(["b"]);
  });
});

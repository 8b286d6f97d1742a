import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { providerKey } from "../../src/declare/block.js";
import { readDeclarations } from "../../src/declare/read.js";
import { faults, folder, shown } from "./folder.js";

const HCL = `
provider "aws" {
  region = var.region
  integration "aws_tagger" {
    config = { required_tags = [var.owner_tag] }
    hooks  = local.hooks
  }
}
provider aws {
  alias = "eu"
  integration aws_tagger {}
  integration "other" {
    version = null # core's to evaluate
  }
}
`;
const JSON_FORM = `{
  "provider": {
    "aws": [
      { "region": "\${var.region}", "integration": {
        "aws_tagger": { "config": { "required_tags": "\${var.tags}" } }
      } },
      { "alias": "eu", "integration": [
        { "//": "a comment", "aws_tagger": {} },
        { "other": [{ "//": "another" }] }
      ] }
    ]
  }
}`;

async function found(files: Record<string, string>) {
  const directory = await folder(files);
  const read = await readDeclarations(directory);
  expect(read.declarations).toEqual([]);
  expect(read.projectBlocks).toEqual([]);
  return read.providerIntegrations.map(({ location, ...rest }) => {
    expect(location.file.startsWith(directory)).toBe(true);
    return [providerKey(rest), rest.name, location.line, location.column];
  });
}

describe("integrations under providers", () => {
  test("are named and placed; their values are core's", async () => {
    expect(await found({ "main.tf": HCL })).toEqual([
      ["aws", "aws_tagger", 4, 3],
      ["aws.eu", "aws_tagger", 11, 3],
      ["aws.eu", "other", 12, 3],
    ]);
  });

  test("in JSON, too", async () => {
    expect(await found({ "main.tofu.json": JSON_FORM })).toEqual([
      ["aws", "aws_tagger", 5, 9],
      ["aws.eu", "aws_tagger", 8, 30],
      ["aws.eu", "other", 9, 11],
    ]);
  });

  test("of several files are in the order of their names", async () => {
    const files = { "b.tf": 'provider "b" {\n  integration "x" {}\n}', "a.tf.json": JSON_FORM };
    expect((await found(files)).map(([key]) => key)).toEqual(["aws", "aws.eu", "aws.eu", "b"]);
  });

  test("tell the line", async () => {
    const directory = await folder({ "main.tofu": HCL });
    const [first] = (await readDeclarations(directory)).providerIntegrations;
    expect(first).toEqual({
      provider: "aws",
      alias: null,
      name: "aws_tagger",
      location: { file: join(directory, "main.tofu"), line: 4, column: 3, text: '  integration "aws_tagger" {' },
    });
  });

  test("an alias that is no plain string is core's to refuse", async () => {
    const text = 'provider "aws" {\n  alias = "${var.x}"\n  integration "a" {}\n}';
    expect((await found({ "main.tf": text })).map(([key]) => key)).toEqual(["aws"]);
    const json = '{"provider":{"aws":{"alias":1,"integration":{"a":{}}}}}';
    expect((await found({ "main.tf.json": json })).map(([key]) => key)).toEqual(["aws"]);
  });
});

describe("what is wrong before core evaluates anything", () => {
  const inProvider = (body: string) => ({ "main.tf": `provider "aws" {\n${body}\n}` });
  const inJson = (body: string) => ({ "main.tf.json": `{"provider":{"aws":{"integration":\n${body}\n}}}` });

  test.each([
    ['integration "my tagger" {}', "DECLARE_BAD_NAME 2:13"],
    ["integration {}", "DECLARE_BAD_NAME 2:1"],
    ['integration "a" "b" {}', "DECLARE_BAD_NAME 2:1"],
    ['integration "a" { conifg = {} }', "DECLARE_UNKNOWN_ARGUMENT 2:19"],
    ['integration "a" {}\nintegration "a" {}', "DECLARE_DUPLICATE_NAME 3:13"],
    ['integration "a" {\n  config {}\n}', "DECLARE_MISPLACED 3:3"],
    ['integration "a" {\n  hooks = []\n  hooks = var.x\n}', "DECLARE_DUPLICATE_ARGUMENT 4:3"],
  ])("%j", async (body, fault) => {
    expect((await faults(inProvider(body))).map(shown)).toEqual([fault]);
  });

  test.each([
    ['{ "my tagger": {} }', "DECLARE_BAD_NAME 2:3"],
    ['{ "a": { "conifg": {} } }', "DECLARE_UNKNOWN_ARGUMENT 2:10"],
    ['{ "a": {}, "a": {} }', "DECLARE_DUPLICATE_NAME 2:12"],
    ['{ "a": [{}, {}] }', "DECLARE_DUPLICATE_NAME 2:3"],
    ['{ "a": 1 }', "DECLARE_BAD_VALUE 2:8"],
  ])("in JSON: %s", async (body, fault) => {
    expect((await faults(inJson(body))).map(shown)).toEqual([fault]);
  });

  test("the nearest argument is named", async () => {
    const [error] = await faults(inProvider('integration "a" { tiemout = "5s" }'));
    expect(error?.remedy).toContain('"timeout"');
  });

  test("one name under two provider configurations is two integrations", async () => {
    const text = 'provider "a" {\n  integration "x" {}\n}\nprovider "b" {\n  integration "x" {}\n}';
    expect(await faults({ "main.tf": text })).toEqual([]);
  });

  test("an override file may have none", async () => {
    const [error, ...others] = await faults({ "override.tf": 'provider "a" {\n  integration "x" {}\n}' });
    expect([error && shown(error), others]).toEqual(["DECLARE_MISPLACED 2:3", []]);
  });

  test("every fault is told at once, those of project-level integrations too", async () => {
    const text =
      'provider "a" {\n  integration "x" {\n    b = 1\n    c = 2\n  }\n}\nterraform {\n  integration "" {}\n}';
    expect((await faults({ "main.tf": text })).map(shown)).toEqual([
      "DECLARE_UNKNOWN_ARGUMENT 3:5",
      "DECLARE_UNKNOWN_ARGUMENT 4:5",
      "DECLARE_BAD_NAME 8:15",
    ]);
  });
});

import { describe, expect, test } from "vitest";
import { bodyFaults, declared, faults, shown } from "./folder.js";

describe("around an integration block a syntax error is told where it is", () => {
  test.each([
    ["source =", "2:1"],
    ['source = "a', "2:10"],
    ['source = "a\ntimeout = "5s"', "2:10"],
    ['source = "\\q"', "2:11"],
    ["source = 'a'", "2:10"],
    ["config = { a = [1 2] }", "2:19"],
    ["config = { a = 1", "1:1"],
    ["@", "2:1"],
    ["source = <<EOT\nno end", "2:10"],
    ['source = "a"\n}', "4:1"],
    ["config = { = 1 }", "2:12"],
  ])("%j", async (body, place) => {
    const [first] = await bodyFaults(body);
    expect(first).toBe(`DECLARE_SYNTAX ${place}`);
  });

  test("a block that is not closed is told at its start", async () => {
    expect((await faults({ "airlock.hcl": '\n  integration "a" {\n' })).map(shown)).toEqual(["DECLARE_SYNTAX 2:3"]);
    const inTerraform = await faults({ "main.tf": 'terraform {\n  integration "a" {\n' });
    expect(inTerraform.map(shown)).toEqual(["DECLARE_SYNTAX 2:19"]);
  });

  test("single quotes get a word about double ones", async () => {
    const [error] = await faults({ "airlock.hcl": "integration \"a\" {\n  source = 'a'\n}" });
    expect(error?.remedy).toContain("double quotes");
  });

  test("a terraform block that cannot be parsed and has one", async () => {
    const text = 'terraform {\n  x = = 1\n  integration "a" {}\n}\n';
    expect((await faults({ "main.tf": text })).map(({ code }) => code)).toEqual(["DECLARE_SYNTAX"]);
  });

  test("text that is not UTF-8", async () => {
    const bytes = Buffer.concat([
      Buffer.from('terraform {\n  integration "a" {\n    source = "'),
      Buffer.of(0xff),
      Buffer.from('"\n  }\n}\n'),
    ]);
    expect((await faults({ "main.tf": bytes })).map(shown)).toEqual(["DECLARE_SYNTAX 3:15"]);
  });
});

describe("elsewhere it is core's to tell", () => {
  test("in a file that mentions no integration", async () => {
    expect(await declared({ "main.tf": 'resource "a" {{{ "' })).toEqual([]);
  });

  test("in a file that only speaks of one", async () => {
    expect(await declared({ "main.tf": "# the integration is elsewhere\nlocals {\n  x = [\n}\n" })).toEqual([]);
    expect(await declared({ "main.tf": 'resource "aws_apigatewayv2_integration" "x" {\n  y = [\n}\n' })).toEqual([]);
  });

  test("in another block of a file with one", async () => {
    const text = 'resource "a" "b" {\n  x = [\n}\nterraform {\n  integration "c" {}\n}\n';
    expect((await declared({ "main.tf": text })).map(({ name }) => name)).toEqual(["c"]);
  });

  test("bytes that are not UTF-8 in a file without a block", async () => {
    expect(await declared({ "main.tf": Buffer.concat([Buffer.from("# integration "), Buffer.of(0xff)]) })).toEqual([]);
  });
});

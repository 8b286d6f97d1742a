import { describe, expect, test } from "vitest";
import { MAX_FILE_BYTES } from "../../src/declare/files.js";
import { MAX_HCL_BYTES } from "../../src/declare/hcl-parser.js";
import { MAX_JSON_FILE_DEPTH, MAX_JSON_FILE_VALUES } from "../../src/declare/json-text.js";
import { MAX_VALUE_DEPTH } from "../../src/declare/literal.js";
import { bodyFaults, declared, declaredBody, faults } from "./folder.js";

const BLOCK = 'integration "a" {}\n';

/** A text filled up to `size` bytes with one comment, which costs the parser next to nothing. */
function filled(text: string, size: number): string {
  return `${text}#${" ".repeat(size - text.length - 1)}`;
}

async function codes(files: Record<string, string>): Promise<string[]> {
  return (await faults(files)).map(({ code }) => code);
}

describe("file size", () => {
  test("a configuration file of 16 MiB without integrations is passed over, a bigger one refused", async () => {
    expect(await codes({ "main.tf": filled("", MAX_FILE_BYTES) })).toEqual([]);
    expect(await codes({ "main.tf": filled("", MAX_FILE_BYTES + 1) })).toEqual(["DECLARE_TOO_LARGE"]);
  });

  test("a file with integration blocks is parsed up to 1 MiB", async () => {
    expect(await codes({ "airlock.hcl": filled(BLOCK, MAX_HCL_BYTES) })).toEqual([]);
    expect(await codes({ "airlock.hcl": filled(BLOCK, MAX_HCL_BYTES + 1) })).toEqual(["DECLARE_TOO_LARGE"]);
  });

  test("a big file whose resources only have integration in their names is not parsed", async () => {
    const text = 'resource "aws_apigatewayv2_integration" "integration-x" {}\n';
    expect(await codes({ "main.tf": filled(text, MAX_HCL_BYTES + 1) })).toEqual([]);
  });

  test("a JSON file may have so many values in its terraform blocks, and any number elsewhere", async () => {
    // The file, the terraform block and the list itself are values, too.
    const text = (block: string, count: number) => `{"${block}":{"x":[${"1,".repeat(count - 4)}1]},"x":"\\u0020"}`;
    expect(await codes({ "main.tf.json": text("terraform", MAX_JSON_FILE_VALUES) })).toEqual([]);
    expect(await codes({ "main.tf.json": text("terraform", MAX_JSON_FILE_VALUES + 1) })).toEqual(["DECLARE_TOO_LARGE"]);
    expect(await codes({ "main.tf.json": text("locals", 10 * MAX_JSON_FILE_VALUES) })).toEqual([]);
  });

  test("a long string in JSON is no deep recursion", async () => {
    const text = JSON.stringify({ terraform: { integration: { a: { config: { long: "x".repeat(8_000_000) } } } } });
    const [declaration] = await declared({ "main.tf.json": text });
    expect(declaration?.config["long"]).toHaveLength(8_000_000);
  });
});

describe("nesting of values", () => {
  const lists = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

  test("in HCL", async () => {
    const accepted = await declaredBody(`config = { a = ${lists(MAX_VALUE_DEPTH - 1)} }`);
    expect(JSON.stringify(accepted.config["a"])).toBe(lists(MAX_VALUE_DEPTH - 1));
    const [violated] = await bodyFaults(`config = { a = ${lists(MAX_VALUE_DEPTH)} }`);
    expect(violated).toMatch(/^DECLARE_TOO_LARGE 2:/);
  });

  test("in JSON", async () => {
    const text = (depth: number) => `{"terraform":{"integration":{"a":{"config":{"a":${lists(depth)}}}}}}`;
    expect(await codes({ "main.tf.json": text(MAX_VALUE_DEPTH - 1) })).toEqual([]);
    expect(await codes({ "main.tf.json": text(MAX_VALUE_DEPTH) })).toEqual(["DECLARE_TOO_LARGE"]);
  });

  test("of a whole JSON file", async () => {
    const text = (depth: number) => `{"integrations":"\\u0020","x":${lists(depth)}}`;
    expect(await codes({ "main.tf.json": text(MAX_JSON_FILE_DEPTH) })).toEqual([]);
    expect(await codes({ "main.tf.json": text(MAX_JSON_FILE_DEPTH + 1) })).toEqual(["DECLARE_TOO_LARGE"]);
    expect(await codes({ "main.tf.json": text(1_000_000) })).toEqual(["DECLARE_TOO_LARGE"]);
  });

  test("very deep HCL ends in an error, too", async () => {
    const [error] = await bodyFaults(`config = { a = ${lists(20_000)} }`);
    expect(error).toMatch(/^DECLARE_TOO_LARGE/);
    const [open] = await bodyFaults(`config = { a = ${"[".repeat(20_000)} }`);
    expect(open).toMatch(/^DECLARE_SYNTAX/);
  });
});

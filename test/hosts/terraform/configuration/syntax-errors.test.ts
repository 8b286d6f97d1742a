import fc from "fast-check";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readConfiguration } from "../../../../src/hosts/terraform/configuration/read-configuration.js";
import { configured, tree } from "./folder.js";

const GOOD = 'resource "a_b" "good" {\n  x = "1"\n}\n';

async function read(files: Record<string, string>) {
  const { resources, incomplete } = await configured(files);
  return { names: resources.map(({ name }) => name), incomplete };
}

describe("a file with a fault gives what it can, and the rest is read", () => {
  test.each([
    ["an attribute without a value", `${GOOD}resource "a_b" "bad" {\n  y =\n}\n`],
    ["a stray word", `${GOOD}what is this\n`],
    ["an open block", `${GOOD}resource "a_b" "bad" {\n`],
  ])("%s", async (_what, text) => {
    const { names, incomplete } = await read({ "main.tf": text, "other.tf": 'data "c_d" "other" {}' });
    expect(incomplete).toBe(true);
    expect(names).toEqual(expect.arrayContaining(["good", "other"]));
  });

  test("broken JSON", async () => {
    expect(await read({ "main.tf.json": '{"resource":', "other.tf": GOOD })).toEqual({
      names: ["good"],
      incomplete: true,
    });
  });

  test.each(["[]", "1", '"x"', '{"resource":1}', '{"resource":{"a":[1,{"b":2}]}}', '{"terraform":[[{}]]}'])(
    "JSON that is no configuration: %s",
    async (text) => {
      expect((await read({ "main.tf.json": text })).names).toEqual([]);
    },
  );

  test("labels that are missing", async () => {
    const text = `resource "a_b" {}\nresource {}\nprovider {}\nmodule {}\nvariable {}\ncheck {}\n${GOOD}`;
    expect((await read({ "main.tf": text })).names).toEqual(["good"]);
  });

  test("a file that cannot be read, and a folder that is not there", async () => {
    const root = tree({ "main.tf": GOOD });
    symlinkSync(join(root, "nowhere"), join(root, "link.tf"));
    const read = await readConfiguration(root, { dataDir: ".terraform" });
    expect([read.resources.length, read.incomplete]).toEqual([1, true]);
    const missing = await readConfiguration(join(root, "missing"), { dataDir: ".terraform" });
    expect(missing).toMatchObject({ incomplete: true, resources: [], execution: { kind: "local" }, backend: null });
  });

  test("a file over 1 MiB is left out", async () => {
    const files = { "big.tf": `${GOOD}#${" ".repeat(1024 * 1024)}`, "small.tf": 'data "c_d" "small" {}' };
    expect(await read(files)).toEqual({ names: ["small"], incomplete: true });
  });
});

test("whatever is in a file, reading it ends without an error", async () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'resource "a" "b" {',
      "}",
      "\n",
      '"',
      "${",
      "<<EOT\n",
      "EOT\n",
      "x = ",
      "[",
      "]",
      "{",
      "/*",
      "*/",
      "for",
    ),
    fc.constantFrom(
      "terraform {\n",
      'module "m" {\nsource = "./m"\n',
      'provider "p" {\n',
      "required_providers {\n",
      "=",
      ".",
    ),
    fc.string({ maxLength: 5 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 20 }), fc.json(), async (parts, json) => {
      const { resources } = await configured({ "main.tf": parts.join(""), "x.tf.json": json });
      expect(Array.isArray(resources)).toBe(true);
    }),
    { numRuns: 150 },
  );
});

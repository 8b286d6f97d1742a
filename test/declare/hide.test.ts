import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withoutIntegrations } from "../../src/declare/hide.js";
import { readDeclarations } from "../../src/declare/read.js";
import { rejectedCode } from "../support/codes.js";
import { folder } from "./folder.js";

async function hidden(text: string, path = "main.tf"): Promise<string> {
  return (await withoutIntegrations(path, Buffer.from(text))).toString();
}

/** Same length and lines; where a byte differs it is now a space. */
function expectOnlyBlanked(before: Buffer, after: Buffer): void {
  expect(after.length).toBe(before.length);
  const changed = [...before.keys()].filter((at) => before[at] !== after[at]);
  expect(changed.filter((at) => after[at] !== 0x20)).toEqual([]);
  expect(changed.filter((at) => before[at] === 0x0a || before[at] === 0x0d)).toEqual([]);
}

const BLOCK = `integration "budget" {
    # } not the end
    source = "./}" /* } */
    config = {
      text = <<-EOT
        } "integration" "x" {
      EOT
    }
  }`;

describe("HCL", () => {
  test("the block's bytes become spaces, all others stay", async () => {
    const text = `terraform {\r\n  backend "local" {}\r\n  ${BLOCK} # behind\r\n}\r\nresource "a" "b" {}\r\n`;
    const blank = BLOCK.replace(/[^\n]/g, " ");
    expect(await hidden(text)).toBe(text.replace(BLOCK, blank));
  });

  test("several blocks, of several terraform blocks, on one line, with labels of more than one byte", async () => {
    const text = `# é😀\nterraform { integration "a" { config = { k = "é😀" } } }\nterraform {\n integration "b" {}\n}\n`;
    const [first, second] = ['integration "a" { config = { k = "é😀" } }', 'integration "b" {}'];
    const spaces = (part: string) => " ".repeat(Buffer.byteLength(part));
    expect(await hidden(text)).toBe(text.replace(first, spaces(first)).replace(second, spaces(second)));
  });

  test.each([
    ["a comment", `# terraform { integration "a" {} }\n/* ${BLOCK} */\nterraform {}\n`],
    ["a string", `locals {\n  a = "terraform { integration \\"a\\" {} }"\n}\nterraform {}\n`],
    ["a heredoc", `locals {\n  a = <<EOT\nterraform {\n  integration "a" {}\n}\nEOT\n}\n`],
    ["a provider", `provider "aws" {\n  integration "a" {}\n}\n`],
    ["a resource", `resource "a" "b" {\n  integration "a" {}\n  terraform {\n    integration "x" {}\n  }\n}\n`],
  ])("the word in %s is none", async (_where, text) => {
    expect(await hidden(text)).toBe(text);
  });

  test("a byte order mark stays where it is", async () => {
    const text = '\ufeffterraform {\n  integration "a" {}\n}\n';
    expect(await hidden(text)).toBe("\ufeffterraform {\n                    \n}\n");
  });

  test("nothing to hide gives the same buffer, as does a name that core does not read", async () => {
    const bytes = Buffer.from('terraform {\n  integration "a" {}\n}\n');
    expect(await withoutIntegrations("notes.txt", bytes)).toBe(bytes);
    expect(await withoutIntegrations("airlock.hcl", bytes)).toBe(bytes);
    const plain = Buffer.from("terraform {}\n");
    expect(await withoutIntegrations("x/main.tf", plain)).toBe(plain);
  });

  test("a block that cannot be read is an error", async () => {
    expect(await rejectedCode(hidden('terraform {\n  integration "a" {\n'))).toBe("DECLARE_SYNTAX");
    const latin = Buffer.from('terraform {\n  integration "a" {} # \xe9\n}\n', "latin1");
    expect(await rejectedCode(withoutIntegrations("main.tf", latin))).toBe("DECLARE_SYNTAX");
    expect(await rejectedCode(hidden('terraform {\n  integration "a" {}\n}\n', "override.tf"))).toBe(
      "DECLARE_MISPLACED",
    );
  });
});

describe("JSON", () => {
  // What goes stands between « and ».
  test.each([
    '{"terraform":{«"integration":{"a":{}},»"x":1}}',
    '{"terraform":{"x":1«,"integration":{"a":{}}»}}',
    '{"terraform":{«"integration" : {"a":{}} ,» "x":1}}',
    '{"terraform":{«"integration":{"é":{}}» }}',
    '{"terraform":{«"integration":[],"integration":{}»}}',
    '{"terraform":{«"integration":[],» "x":1«,"integration":{}»}}',
    '{"terraform":{"x":1 «,\n"integration":[],\n"integration":{"é":{}}»}}',
    '{"terraform":[{«"integration":{}»},{"x":1}]}',
    '{"terraform":{«"\\u0069ntegration":{}»}}',
  ])("%s", async (marked) => {
    const text = marked.replace(/[«»]/g, "");
    const blank = (part: string) => " ".repeat(Buffer.byteLength(part));
    const expected = marked.replace(/«([^»]*)»/g, (_all, part: string) => part.replace(/[^\n]+/g, blank));
    expect(await hidden(text, "main.tf.json")).toBe(expected);
  });

  test.each(['{"provider":{"a":{"integration":{"x":{}}}}}', '{"x":{"terraform":{"integration":{}}}}'])(
    "%s has none",
    async (text) => {
      expect(await hidden(text, "main.tofu.json")).toBe(text);
    },
  );

  const member = fc.oneof(
    fc.constant({ key: "integration", value: '{ "a" : {"config":{"text":"}, \\"é😀"}} }' }),
    fc.constant({ key: "integration", value: '[\n{},\r\n{"b":{}} ]' }),
    fc.record({ key: fc.constantFrom("x", "é", "integrations"), value: fc.json({ maxDepth: 2 }) }),
  );
  const space = fc.constantFrom("", " ", "\n", "\r\n\t");

  test("whatever stands around it, the file stays JSON without it, and nothing else changes", async () => {
    const members = fc.array(fc.tuple(member, space, space, space), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(members, space, async (parts, end) => {
        const written = parts.map(([{ key, value }, a, b, c]) => `${a}"${key}"${b}:${value}${c}`);
        const before = Buffer.from(`{"a":"é","terraform":{${written.join(",")}${end}}}\n`);
        const after = await withoutIntegrations("main.tf.json", before);
        expectOnlyBlanked(before, after);
        const others = parts.map(([part]) => part).filter(({ key }) => key !== "integration");
        const expected = others.map(({ key, value }) => `"${key}":${value}`).join(",");
        expect(JSON.parse(after.toString())).toEqual(JSON.parse(`{"a":"é","terraform":{${expected}}}`));
      }),
    );
  });
});

test("any text around an HCL block stays as it is", async () => {
  const comment = fc.stringMatching(/^[^\r\n]{0,20}$/).map((text) => `# ${text}\n`);
  const value = fc.string({ unit: "binary", maxLength: 20 }).map((text) => {
    const escaped = text.replace(/[\\"$%\u0000-\u001f\ud800-\udfff]/gu, "_");
    return `  k = "${escaped}"\n`;
  });
  const piece = fc.oneof(
    comment,
    value,
    fc.constant('  backend "integration" {}\n'),
    fc.constant("  /* integration \n */\n"),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece), fc.array(comment), fc.array(piece), async (front, inside, back) => {
      const block = `integration "a" {\n${inside.join("")}}`;
      const text = (middle: string) => `terraform {\n${front.join("")}${middle}\n${back.join("")}}\n`;
      const after = await withoutIntegrations("main.tf", Buffer.from(text(block)));
      expectOnlyBlanked(Buffer.from(text(block)), after);
      const blank = Buffer.from(block).map((byte) => (byte === 0x0a ? byte : 0x20));
      expect(after.toString()).toBe(text(Buffer.from(blank).toString()));
    }),
  );
});

test("readDeclarations tells the same places, in bytes", async () => {
  const text = '# é\nterraform {\n  integration "a" {}\n  integration "b" {}\n}\n';
  const directory = await folder({
    "airlock.hcl": 'integration "c" {}\n',
    "main.tf": text,
    "z.tf.json": '{"terraform":{"integration":{"d":{}},"x":1}}',
  });
  const { projectBlocks } = await readDeclarations(directory);
  const pieces = await Promise.all(
    projectBlocks.map(async ({ file, start, end }) => [file, (await readFile(file)).subarray(start, end).toString()]),
  );
  expect(pieces).toEqual([
    [join(directory, "main.tf"), 'integration "a" {}'],
    [join(directory, "main.tf"), 'integration "b" {}'],
    [join(directory, "z.tf.json"), '"integration":{"d":{}},'],
  ]);
});

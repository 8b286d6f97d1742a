import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DECLARE_ERROR_CODES } from "../../src/declare/declare-error.js";
import { faults } from "./folder.js";

const PIECES = [
  "integration",
  "terraform",
  "provider",
  ' "a" ',
  "{",
  "}",
  "[",
  "]",
  "=",
  ":",
  ",",
  "\n",
  '"',
  "${",
  "%{",
  "$$",
  "\\",
  "<<EOT\n",
  "\nEOT\n",
  "#",
  "/*",
  "*/",
  "-",
  "(",
  "for",
  "if",
  "1e5",
  "config",
  "\0",
  "\u{1f600}",
  "é",
  "\r",
];
const NAMES = ["airlock.hcl", "main.tf", "main.tf.json", "override.tofu"];

/** `faults` throws whatever is no `DeclareError`, so a fall-out fails the test. */
async function expectNamed(name: string, bytes: Uint8Array | string): Promise<void> {
  for (const error of await faults({ [name]: bytes })) {
    expect(DECLARE_ERROR_CODES).toContain(error.code);
    expect(error.location?.line).toBeGreaterThan(0);
    expect(error.location?.column).toBeGreaterThan(0);
  }
}

describe.each(NAMES)("%s", (name) => {
  test("any bytes behind the word integration end in declarations or named errors", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), (bytes) =>
        expectNamed(name, Buffer.concat([Buffer.from('integration "x" {'), bytes])),
      ),
      { numRuns: 60 },
    );
  });

  test("any pieces of the language do", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }), (pieces) =>
        expectNamed(name, `integration ${pieces.join("")}`),
      ),
      { numRuns: 120 },
    );
  });
});

test("a good file with any one piece put in anywhere does", async () => {
  const good = 'terraform {\n  integration "a" {\n    source = "./a"\n    config = { x = [1, "é"] }\n  }\n}\n';
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: good.length }), fc.constantFrom(...PIECES), (at, piece) =>
      expectNamed("main.tf", good.slice(0, at) + piece + good.slice(at)),
    ),
    { numRuns: 150 },
  );
});

test("a good file cut off anywhere is never taken for another declaration", async () => {
  const good = '{"terraform":{"integration":{"a":{"source":"./a","config":{"x":[1,"é\\n"]}}}}}';
  for (let end = good.indexOf("integration") + 12; end < good.length; end += 1) {
    expect((await faults({ "main.tf.json": good.slice(0, end) })).map(({ code }) => code)).toEqual(["DECLARE_SYNTAX"]);
  }
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SourceText } from "../../src/declare/source-text.js";
import { declared, faults } from "./folder.js";

describe("SourceText.locate", () => {
  test("counts lines and columns from 1 and gives the line without its end", () => {
    const source = new SourceText("f", "one\r\ntwo\n\nfour");
    expect(source.locate(0)).toEqual({ file: "f", line: 1, column: 1, text: "one" });
    expect(source.locate(6)).toEqual({ file: "f", line: 2, column: 2, text: "two" });
    expect(source.locate(9)).toEqual({ file: "f", line: 3, column: 1, text: "" });
    expect(source.locate(14)).toEqual({ file: "f", line: 4, column: 5, text: "four" });
  });

  test("agrees with counting by hand at every offset", () => {
    const texts = fc.array(fc.constantFrom("a", "é", "😀", "\n", "\r\n"), { maxLength: 30 });
    fc.assert(
      fc.property(texts, fc.nat(), (pieces, seed) => {
        const text = pieces.join("");
        const offset = seed % (text.length + 1);
        const before = text.slice(0, offset);
        const { line, column } = new SourceText("f", text).locate(offset);
        expect([line, column]).toEqual([before.split("\n").length, offset - before.lastIndexOf("\n")]);
      }),
    );
  });

  test("a line of 500 is given, a longer one is not", () => {
    expect(new SourceText("f", "x".repeat(500)).locate(0).text).toHaveLength(500);
    expect(new SourceText("f", "x".repeat(501)).locate(0)).not.toHaveProperty("text");
  });
});

describe("in files", () => {
  test("columns count UTF-16 units", async () => {
    const [error] = await faults({ "airlock.hcl": 'integration "a" { /* é😀 */ conifg = 1 }' });
    expect(error?.location).toMatchObject({ line: 1, column: 29, text: 'integration "a" { /* é😀 */ conifg = 1 }' });
  });

  test("a byte order mark takes no column", async () => {
    const [declaration] = await declared({ "airlock.hcl": '\ufeffintegration "a" {}' });
    expect(declaration?.location).toMatchObject({ line: 1, column: 1, text: 'integration "a" {}' });
  });

  test("CR LF files have the same lines", async () => {
    const [error] = await faults({ "airlock.hcl": 'integration "a" {\r\n  conifg = 1\r\n}\r\n' });
    expect(error?.location).toMatchObject({ line: 2, column: 3, text: "  conifg = 1" });
  });

  test("a declaration's place is its block's", async () => {
    const [declaration] = await declared({ "main.tf": 'terraform {\n  integration "a" {\n  }\n}\n' });
    expect(declaration?.location).toMatchObject({ line: 2, column: 3, text: '  integration "a" {' });
  });
});

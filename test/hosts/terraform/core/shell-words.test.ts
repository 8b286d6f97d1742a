import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitShellWords } from "../../../../src/hosts/terraform/core/shell-words.js";

// What go-shellwords v1.0.12 gives for each of these.
const SPLIT: readonly [string, string[]][] = [
  ["", []],
  [" \t\r\n ", []],
  ["-a  -b=c\td", ["-a", "-b=c", "d"]],
  [`-var 'a=b c' -var="d=\\"e\\""`, ["-var", "a=b c", `-var=d="e"`]],
  [`'' "" x""`, ["", "", "x"]],
  [`a\\ b 'a\\b' "a\\b"`, ["a b", "a\\b", "ab"]],
  [`'it'"'"'s'`, ["it's"]],
  [`'a"b' "a'b"`, [`a"b`, "a'b"]],
  ["a#b $HOME", ["a#b", "$HOME"]],
  ["`a b` c", ["`a b`", "c"]],
  ["$(a 'b' c) d", ["$(a 'b' c)", "d"]],
  ["x$(y)", ["x$(y)"]],
  ["a ; b", ["a"]],
  ["a&b", ["a"]],
  ["a 2>b", ["a"]],
  ["a b2>c", ["a", "b2"]],
  ["'a;b' \"c|d\"", ["a;b", "c|d"]],
  ["ä 日本", ["ä", "日本"]],
];

const REFUSED = ["'a", '"a', "a\\", "`a", "a(b)", "(a)", "$(a", "a)", "$(a (b))"];

describe("TF_CLI_ARGS is split into words as core splits it", () => {
  it.each(SPLIT)("%j", (text, words) => {
    expect(splitShellWords(text)).toEqual(words);
  });

  it.each(REFUSED)("%j is refused", (text) => {
    expect(splitShellWords(text)).toBeUndefined();
  });

  it("any words in single quotes come back as they were", () => {
    const word = fc.string({ unit: "grapheme" }).filter((text) => !/\0/.test(text));
    fc.assert(
      fc.property(fc.array(word), (words) => {
        const text = words.map((each) => `'${each.replaceAll("'", `'"'"'`)}'`).join(" ");
        expect(splitShellWords(text)).toEqual(words);
      }),
    );
  });

  it("any words with backslashes come back as they were", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 })), (words) => {
        const text = words.map((each) => Array.from(each, (character) => `\\${character}`).join("")).join("\t");
        expect(splitShellWords(text)).toEqual(words);
      }),
    );
  });
});

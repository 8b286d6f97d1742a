import { describe, expect, it } from "vitest";
import { wordWrap } from "../../../../src/hosts/terraform/core/word-wrap.js";

// What WordWrap of internal/command/format/trivia.go gives.
describe("text wrapped as core does", () => {
  it.each([
    ["aaa bbb ccc", 8, "aaa bbb\nccc"],
    ["aaa bbb ccc", 9, "aaa bbb\nccc"],
    ["aaa bbb ccc", 12, "aaa bbb ccc"],
    ["aaaaaaaaaa bbb", 5, "aaaaaaaaaa\nbbb"],
    ["aa  bb", 4, "aa\nbb"],
    ["aa  bb", 9, "aa  bb"],
    ["    code is not wrapped\nbut text is", 10, "    code is not wrapped\nbut text\nis"],
    ["\nfirst\n\nsecond", 10, "\nfirst\n\nsecond"],
    ["aaa\u00a0bbb ccc", 8, "aaa\u00a0bbb\nccc"],
    ["äää üüü 日本", 8, "äää üüü\n日本"],
    ["a b", 1, "a b"],
    ["a b", 0, "a b"],
    ["", 10, ""],
  ])("%j in %i columns", (text, columns, wrapped) => {
    expect(wordWrap(text, columns)).toBe(wrapped);
  });
});

import { describe, expect, it } from "vitest";
import { blocksOf, stepsOf } from "./document.js";
import { differences, NAMES, PAGES, read, stepsOn } from "./pages.js";
import { firstDifference } from "./reader.js";

describe.each(NAMES)("%s", (page) => {
  it("shows what its commands print, followed from top to bottom", { timeout: 300_000 }, () => {
    expect(differences(stepsOn(page, "others"))).toEqual([]);
  });

  it("has the sections that need a core, with commands in each", () => {
    const { live, behind } = PAGES[page];
    const sections = new Set(stepsOf(read(page)).flatMap(({ kind, section }) => (kind === "command" ? [section] : [])));
    expect([...behind, ...live].filter((section) => !sections.has(section))).toEqual([]);
  });

  it("names only scripts that package.json has", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const named = [...read(page).matchAll(/\bnpm (?:run )?(test|(?<=run )[\w:]+)/g)].map(([, script]) => script ?? "");
    expect(named.filter((script) => !(script in scripts))).toEqual([]);
  });
});

describe("the reading of a page", () => {
  const page = [
    "## First",
    "Write `a/b.js`:",
    "",
    "```js",
    "x();",
    "```",
    "",
    "```console",
    "$ one",
    "1",
    "…",
    "```",
    "",
    "## Second",
    "```console",
    "$ two",
    "```",
  ].join("\n");

  it("takes a block after the name of a file for that file, and `$` for a command", () => {
    expect(stepsOf(page)).toEqual([
      { section: "First", kind: "file", path: "a/b.js", content: "x();\n" },
      { section: "First", kind: "command", command: "one", shown: ["1", "…"] },
      { section: "Second", kind: "command", command: "two", shown: [] },
    ]);
    expect(blocksOf(page)).toHaveLength(3);
  });

  it.each([
    [["a", "b"], "a\nb\n", true],
    [["a"], "a\nb\n", false],
    [["a", "c"], "a\nb\nc\n", false],
    [["a", "…", "c"], "a\nb\nb\nc\n", true],
    [["…"], "", true],
    [["a", "…"], "a", true],
    [[], "", true],
    [[], "a", false],
    [["done in 1 s"], "done in 1.2 s\n", true],
    [["done in 1 s"], "done at 1 s\n", false],
    [["slowest x (p50 1.0 ms, p99 3.0 ms)"], "slowest x (p50 14 ms, p99 14 ms)\n", true],
    [["OpenTofu will act"], "Terraform will act\n", true],
    [["OpenTofu will act"], "Terraform acts\n", false],
  ])("holds %j against %j", (shown, printed, same) => {
    expect(firstDifference(shown, printed) === null).toBe(same);
  });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { blocksOf, stepsOf } from "./document.js";
import { firstDifference, follow, ROOT } from "./reader.js";

const PAGES = ["README.md", "docs/tutorial.md"];

function read(page: string): string {
  return readFileSync(join(ROOT, page), "utf8");
}

describe.each(PAGES)("%s", (page) => {
  it("shows what its commands print, followed from top to bottom", { timeout: 300_000 }, () => {
    const steps = stepsOf(read(page));
    const printed = follow(steps);
    const differences = steps.flatMap((step, index) => {
      if (step.kind === "file") return [];
      const difference = firstDifference(step.shown, printed[index] ?? "");
      return difference === null ? [] : [`$ ${step.command}\n${difference}`];
    });
    expect(differences).toEqual([]);
  });

  it("names only scripts that package.json has", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const named = [...read(page).matchAll(/\bnpm (?:run )?(test|(?<=run )[\w:]+)/g)].map(([, script]) => script ?? "");
    expect(named.filter((script) => !(script in scripts))).toEqual([]);
  });
});

describe("the reading of a page", () => {
  const page = [
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
    "$ two",
    "```",
  ].join("\n");

  it("takes a block after the name of a file for that file, and `$` for a command", () => {
    expect(stepsOf(page)).toEqual([
      { kind: "file", path: "a/b.js", content: "x();\n" },
      { kind: "command", command: "one", shown: ["1", "…"] },
      { kind: "command", command: "two", shown: [] },
    ]);
    expect(blocksOf(page)).toHaveLength(2);
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
  ])("holds %j against %j", (shown, printed, same) => {
    expect(firstDifference(shown, printed) === null).toBe(same);
  });
});

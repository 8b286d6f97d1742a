import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stepsOf } from "./document.js";
import type { Step } from "./document.js";
import { firstDifference, follow, ROOT } from "./reader.js";

/**
 * The pages, by sections. `live` ones need a core: they are followed on every core, behind the sections that they need,
 * and left out of the page otherwise.
 */
export const PAGES = {
  "README.md": { live: ["Quick start"], behind: ["Install"] },
  "docs/metadata.md": { live: ["Ask and change", "In what core shows"], behind: [] },
  "docs/tutorial.md": { live: ["6. In a live run", "8. Hand it on"], behind: ["Before you start", "2. With the SDK"] },
} as const;
/** Their paths. */
export const NAMES = Object.keys(PAGES) as (keyof typeof PAGES)[];

/** The text of a page. */
export function read(page: string): string {
  return readFileSync(join(ROOT, page), "utf8");
}

/** What a page asks for: in the sections that need a core and those before them that these need, or in all others. */
export function stepsOn(page: keyof typeof PAGES, which: "live" | "others"): Step[] {
  const { live, behind } = PAGES[page];
  const sections: readonly string[] = which === "live" ? [...behind, ...live] : live;
  return stepsOf(read(page)).filter(({ section }) => sections.includes(section) === (which === "live"));
}

/** What the commands print other than the page shows. */
export function differences(
  steps: readonly Step[],
  environment?: Readonly<Record<string, string | undefined>>,
): string[] {
  const printed = follow(steps, environment);
  return steps.flatMap((step, index) => {
    if (step.kind === "file") return [];
    const difference = firstDifference(step.shown, printed[index] ?? "");
    return difference === null ? [] : [`$ ${step.command}\n${difference}`];
  });
}

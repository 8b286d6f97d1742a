import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");

function pagesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name));
}

const SAMPLES = readdirSync(join(ROOT, "integrations")).map((name) => `integrations/${name}/README.md`);
const PAGES = [
  "README.md",
  "guest-sdk/typescript/README.md",
  ...pagesIn("docs"),
  ...pagesIn("integrations"),
  ...SAMPLES.filter((page) => existsSync(join(ROOT, page))),
];

/** The anchor of a heading, as GitHub makes it. */
function anchorOf(heading: string): string {
  const plain = heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "");
  return plain.trim().replaceAll(" ", "-");
}

function textOf(page: string): string {
  return readFileSync(join(ROOT, page), "utf8").replace(/^```[\s\S]*?^```/gm, "");
}

/** Links of a page that lead nowhere. */
function brokenLinks(page: string): string[] {
  const targets = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target ?? "");
  return targets.filter((target) => {
    if (/^https?:/.test(target)) return false;
    const [path = "", anchor] = target.split("#");
    const file = path === "" ? page : join(dirname(page), path);
    const real = join(ROOT, file);
    if (relative(ROOT, real).startsWith("..") || !existsSync(real)) return true;
    if (anchor === undefined) return false;
    if (statSync(real).isDirectory()) return true;
    const headings = [...textOf(file).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading ?? ""));
    return !headings.includes(anchor);
  });
}

describe.each(PAGES)("%s", (page) => {
  it("has no link that leads nowhere", () => {
    expect(brokenLinks(page)).toEqual([]);
  });
});

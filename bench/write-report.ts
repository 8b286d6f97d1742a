import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chartOf } from "./chart.js";
import { formatJson } from "./format-json.js";
import { formatMarkdown } from "./format-markdown.js";
import type { BenchReport } from "./report.js";

const SLUG_CHARACTERS = 60;

/**
 * Writes a report into `folder`: `bench.json`, `bench.md`, a page for each scope, and in `charts/` a picture for each
 * question. Pictures of earlier reports go.
 */
export function writeReport(folder: string, report: BenchReport): void {
  const charts = join(folder, "charts");
  rmSync(charts, { recursive: true, force: true });
  mkdirSync(charts, { recursive: true });
  const names = chartNames(report);
  for (const [question, name] of names) {
    const rows = report.measurements.filter((row) => row.question === question);
    writeWhole(join(charts, name), chartOf(question, rows, report));
  }
  const pictureOf = (question: string): string | null => {
    const name = names.get(question);
    return name === undefined ? null : `charts/${name}`;
  };
  for (const scope of report.scopes)
    writeWhole(join(folder, `${scope}.md`), formatMarkdown(onlyOf(report, scope), pictureOf));
  writeWhole(join(folder, "bench.md"), formatMarkdown(report, pictureOf));
  writeWhole(join(folder, "bench.json"), formatJson(report));
}

/** The file of each question's chart. */
export function chartNames({ measurements }: Pick<BenchReport, "measurements">): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { question } of measurements) {
    if (names.has(question)) continue;
    const slug = question
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "-")
      .replaceAll(/^-|-$/g, "");
    const short = slug.slice(0, SLUG_CHARACTERS).replace(/-$/, "");
    const taken = [...names.values()].filter((name) => name === `${short}.svg` || name.startsWith(`${short}_`)).length;
    names.set(question, `${short}${taken === 0 ? "" : `_${taken + 1}`}.svg`);
  }
  return names;
}

function onlyOf(report: BenchReport, wanted: string): BenchReport {
  return {
    ...report,
    measurements: report.measurements.filter(({ scope }) => scope === wanted),
    skipped: report.skipped.filter(({ scope }) => scope === wanted),
  };
}

function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

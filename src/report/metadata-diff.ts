import pc from "picocolors";
import { safeLine } from "../base/neutralise.js";
import type { Stored } from "../hosts/terraform/metadata/entry.js";
import type { Difference } from "../hosts/terraform/metadata/export-file.js";
import { cellText } from "./cell-text.js";

const LONGEST = 2000;

function sideText({ version, data }: Stored): string {
  return `${safeLine(cellText(data), LONGEST)}${version === 0 ? "" : `  (version ${version})`}`;
}

/** What was added, removed and changed, as lines: `+` and `-` with what is stored. */
export function renderDifferences(differences: readonly Difference[], options: { readonly color: boolean }): string {
  const colors = pc.createColors(options.color);
  const lines = differences.flatMap(({ address, integration, before, after }) => [
    colors.bold(`${safeLine(address)}  ${safeLine(integration, 100)}`),
    ...(before === null ? [] : [colors.red(`  - ${sideText(before)}`)]),
    ...(after === null ? [] : [colors.green(`  + ${sideText(after)}`)]),
  ]);
  return lines.map((line) => `${line}\n`).join("");
}

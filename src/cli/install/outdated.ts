import { resolve } from "node:path";
import { safeLine } from "../../base/neutralise.js";
import { standings } from "../../install/outdated.js";
import type { Standing } from "../../install/outdated.js";
import { EXIT_CODES } from "../../report/exit-code.js";
import type { ExitCode } from "../../report/exit-code.js";
import { toJsonText } from "../../report/json.js";
import type { CommandContext, Format } from "../command.js";
import { installPlace } from "./place.js";

/** What the command line of `outdated` says. */
export interface OutdatedOptions {
  readonly config: string;
  readonly format: Format;
  readonly exitCode: boolean;
  readonly mirror?: string;
}

/** Runs `airlock outdated`: asks each origin for its versions; nothing is fetched or changed. */
export async function runOutdated(
  { config, format, exitCode, mirror }: OutdatedOptions,
  { io, services }: CommandContext,
): Promise<ExitCode> {
  const root = resolve(io.cwd, config);
  const declared = await services.readDeclarations(root);
  const { place } = await installPlace(io, { root, trust: declared.trust, mirror });
  const found = await standings(declared, place);
  io.stdout.write(format === "json" ? toJsonText({ format_version: "1.0", integrations: found }) : table(found));
  return exitCode && found.some((one) => one.outdated || one.yanked !== null) ? EXIT_CODES.fail : EXIT_CODES.ok;
}

function table(found: readonly Standing[]): string {
  if (found.length === 0) return "No integration comes from elsewhere.\n";
  const rows = [
    ["INTEGRATION", "INSTALLED", "ALLOWED", "NEWEST", "SOURCE"],
    ...found.map(({ names, installed, yanked, allowed, newest, source }) => [
      names.join(", "),
      yanked === null ? (installed ?? "-") : `${installed ?? "-"} (withdrawn)`,
      allowed ?? "-",
      newest ?? "-",
      source,
    ]),
  ].map((row) => row.map((cell) => safeLine(cell, 120)));
  const widths = [0, 1, 2, 3].map((at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as v from "valibot";
import { CheckReportSchema, type CheckReport } from "../../../src/report/check-report.js";
import type { Outcome, RunOptions, Running } from "./process.js";
import type { Core } from "./tools.js";
import type { Workspace } from "./workspace.js";

/** The built command; `npm test` builds before it tests. */
const COMMAND = resolve("dist/src/cli/main.js");

function line(core: Core, args: readonly string[]): string[] {
  return [COMMAND, ...args, "--core", core.path];
}

/** Runs `airlock ARGS --core CORE` in a workspace, to its end. */
export function airlock(space: Workspace, core: Core, args: readonly string[], options?: RunOptions): Promise<Outcome> {
  return space.run(process.execPath, line(core, args), options);
}

/** Starts it. */
export function startAirlock(space: Workspace, core: Core, args: readonly string[], options?: RunOptions): Running {
  return space.start(process.execPath, line(core, args), options);
}

/** What a run came to, and the report that it wrote; null when it ended before there was one. */
export interface Reported extends Outcome {
  readonly report: CheckReport | null;
}

/** As `airlock`, with `--report`. */
export async function airlockReport(
  space: Workspace,
  core: Core,
  args: readonly string[],
  options?: RunOptions,
): Promise<Reported> {
  const file = join(space.temporary, "..", `report-${process.hrtime.bigint()}.json`);
  const outcome = await airlock(space, core, [...args, "--report", file], options);
  const report = existsSync(file) ? v.parse(CheckReportSchema, JSON.parse(readFileSync(file, "utf8"))) : null;
  return { ...outcome, report };
}

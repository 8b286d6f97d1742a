import { resolve } from "node:path";
import { findCore } from "../hosts/terraform/core/find-core.js";
import { runLive } from "../hosts/terraform/stages/live.js";
import { renderJson } from "../report/json.js";
import { renderLiveSummary } from "../report/live-summary.js";
import type { LiveResult } from "../hosts/terraform/stages/live.js";
import { CliError } from "./cli-error.js";
import type { CommandContext } from "./command.js";
import { CandidateRun } from "./install/candidate.js";
import { useColor } from "./io.js";
import type { CliIo } from "./io.js";
import { liveIo } from "./live-io.js";
import { circuitLine, noticeLine } from "./notice-line.js";
import { checkOutput, writeOutput } from "./output-file.js";
import type { OwnOptions } from "./own-options.js";
import { renderError } from "./render-error.js";
import { WorkLine } from "./work-line.js";

/** Runs a command of core, with integrations where there are any. Gives the exit code that the process is to end with. */
export async function runCoreCommand(
  argv: readonly string[],
  own: OwnOptions,
  context: CommandContext,
): Promise<number> {
  const { io, services } = context;
  const line = new WorkLine(io.stderr);
  const report = own.report === undefined ? null : resolve(io.cwd, own.report);
  const beside = own.shadow === undefined ? null : new CandidateRun(own.shadow, own.mirror, context);
  try {
    if (report !== null) await checkOutput(report);
    const core = await findCore({ option: own.core, env: io.env, cwd: io.cwd });
    const { code, result } = await runLive({
      core,
      argv,
      io: liveIo(io, line),
      install: async (request) => {
        const { runInstall } = await import("./install/run-install.js");
        const upgrade = request.upgrade ? "all" : new Set<string>();
        await runInstall({ ...request, upgrade, approved: own.approve, mirror: own.mirror }, io);
      },
      ...(beside !== null && { prepare: beside.fetch.bind(beside) }),
      createRuntime: (options) =>
        (beside ?? services).createRuntime({
          ...options,
          environment: io.env,
          observer(notice) {
            const text = circuitLine(notice) ?? noticeLine(notice, own.verbose);
            if (text !== null) {
              line.clear();
              io.stderr.write(`${text}\n`);
            }
          },
        }),
    });
    line.clear();
    if (beside !== null) io.stderr.write(beside.render());
    if (result !== null) {
      io.stderr.write(renderLiveSummary(result, { color: useColor(io.stderr, io.env), code }));
      if (report !== null) await writeReport(report, result, io);
    }
    return code;
  } finally {
    line.stop();
  }
}

/** What core did stands, whether it can be reported or not: then it is told, and the exit code stays. */
async function writeReport(path: string, result: LiveResult, io: CliIo): Promise<void> {
  try {
    await writeOutput(path, renderJson({ ...result, notices: [] }));
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    io.stderr.write(renderError(error, { color: useColor(io.stderr, io.env), cwd: io.cwd }));
  }
}

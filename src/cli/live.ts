import { resolve } from "node:path";
import { findCore } from "../hosts/terraform/core/find-core.js";
import { runLive } from "../hosts/terraform/stages/live.js";
import { renderJson } from "../report/json.js";
import { renderLiveSummary } from "../report/live-summary.js";
import type { CommandContext } from "./command.js";
import { useColor } from "./io.js";
import { liveIo } from "./live-io.js";
import { circuitLine, noticeLine } from "./notice-line.js";
import { writeOutput } from "./output-file.js";
import type { OwnOptions } from "./own-options.js";
import { WorkLine } from "./work-line.js";

/** Runs a command of core, with integrations where there are any. Gives the exit code that the process is to end with. */
export async function runCoreCommand(
  argv: readonly string[],
  own: OwnOptions,
  context: CommandContext,
): Promise<number> {
  const { io, services } = context;
  const line = new WorkLine(io.stderr);
  try {
    const core = await findCore({ option: own.core, env: io.env, cwd: io.cwd });
    const { code, result } = await runLive({
      core,
      argv,
      io: liveIo(io, line),
      createRuntime: (options) =>
        services.createRuntime({
          ...options,
          environment: io.env,
          observer(notice) {
            const text = own.verbose ? noticeLine(notice) : circuitLine(notice);
            if (text !== null) {
              line.clear();
              io.stderr.write(`${text}\n`);
            }
          },
        }),
    });
    line.clear();
    if (result !== null) {
      io.stderr.write(renderLiveSummary(result, { color: useColor(io.stderr, io.env), code }));
      if (own.report !== undefined)
        await writeOutput(resolve(io.cwd, own.report), renderJson({ ...result, notices: [] }));
    }
    return code;
  } finally {
    line.stop();
  }
}

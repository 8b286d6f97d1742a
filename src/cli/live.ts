import { resolve } from "node:path";
import { standsAtTerminal } from "../hosts/terraform/core/run-core.js";
import { findCore } from "../hosts/terraform/core/find-core.js";
import { runLive } from "../hosts/terraform/stages/live.js";
import type { LiveIo } from "../hosts/terraform/stages/live-io.js";
import { renderDiagnostics } from "../report/diagnostics.js";
import { renderJson } from "../report/json.js";
import { renderLiveSummary } from "../report/live-summary.js";
import { safeLines } from "../base/neutralise.js";
import type { CommandContext } from "./command.js";
import { useColor } from "./io.js";
import type { CliIo } from "./io.js";
import { noticeLine } from "./notice-line.js";
import { writeOutput } from "./output-file.js";
import type { OwnOptions } from "./own-options.js";
import { WorkLine } from "./work-line.js";

/** Of what a provider said last; a panic names its place in the first lines. */
const MAX_NOTE_LINES = 40;

/** What a live run sees of the process; `line` is cleared before anything is written. */
export function liveIo(io: CliIo, line: WorkLine): LiveIo {
  const color = { color: useColor(io.stderr, io.env) };
  return {
    cwd: io.cwd,
    env: io.env,
    terminal: standsAtTerminal({ isTTY: io.stdinIsTTY }, io.stdout),
    signals: io.signals,
    oneOutput: io.oneOutput,
    interrupt: io.interrupt,
    write(bytes) {
      line.clear();
      io.stdout.write(bytes);
    },
    writeError(text) {
      line.clear();
      io.stderr.write(text);
    },
    show(diagnostics) {
      line.clear();
      io.stderr.write(renderDiagnostics(diagnostics, color));
    },
    note(text) {
      line.clear();
      io.stderr.write(`airlock: ${safeLines(text, 500, MAX_NOTE_LINES).join("\n  ")}\n`);
    },
    log(text) {
      line.clear();
      io.stderr.write(text);
    },
    ask: (question) => {
      line.clear();
      io.stdout.write(question);
      return io.readLine();
    },
    busy: (events) => {
      line.watch(events);
    },
  };
}

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
            const text = own.verbose ? noticeLine(notice) : null;
            if (text !== null) {
              line.clear();
              io.stderr.write(`${text}\n`);
            }
          },
        }),
    });
    line.clear();
    if (result !== null) {
      io.stderr.write(renderLiveSummary(result, { color: useColor(io.stderr, io.env) }));
      if (own.report !== undefined)
        await writeOutput(resolve(io.cwd, own.report), renderJson({ ...result, notices: [] }));
    }
    return code;
  } finally {
    line.stop();
  }
}

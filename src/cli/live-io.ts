import { safeLines } from "../base/neutralise.js";
import { standsAtTerminal } from "../hosts/terraform/core/run-core.js";
import type { LiveIo } from "../hosts/terraform/stages/live-io.js";
import { renderDiagnostics } from "../report/diagnostics.js";
import { useColor } from "./io.js";
import type { CliIo } from "./io.js";
import type { WorkLine } from "./work-line.js";

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

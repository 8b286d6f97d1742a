#!/usr/bin/env node
import { fstatSync } from "node:fs";
import { isatty } from "node:tty";
import type { SignalSource } from "../hosts/terraform/core/pass-signals.js";
import { EXIT_CODES } from "../report/exit-code.js";
import type { CliIo, TextOutput } from "./io.js";
import { renderInternalError } from "./render-error.js";
import { readLine } from "./read-line.js";
import { runCli } from "./run.js";

const DEFAULT_COLUMNS = 80;
const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

function outputOf(stream: NodeJS.WriteStream & { readonly fd: number }): TextOutput {
  // A reader that went away (`airlock check … | head`) is no fault of ours.
  stream.on("error", () => undefined);
  return {
    write(text) {
      stream.write(text);
    },
    isTTY: isatty(stream.fd),
    // Only a terminal has columns, whatever the types say.
    columns: stream.columns > 0 ? stream.columns : DEFAULT_COLUMNS,
  };
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write("", () => {
      resolve();
    });
  });
}

/** How many listeners want signals for a core that runs; then they are core's, and end nothing here. */
let claims = 0;

const signals: SignalSource = {
  on(signal, listener) {
    claims += 1;
    process.on(signal, listener);
  },
  off(signal, listener) {
    claims -= 1;
    process.off(signal, listener);
  },
};

/** The first signal asks the command to stop; the second ends the process at once, and with it every guest. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of STOP_SIGNALS) {
    process.on(signal, () => {
      if (claims > 0) return;
      if (controller.signal.aborted) process.exit(EXIT_CODES.interrupted);
      controller.abort();
    });
  }
  return controller.signal;
}

/** Whether two open files are one: a terminal, a pipe or a file of the same name. */
function isSameFile(one: number, other: number): boolean {
  try {
    const [a, b] = [fstatSync(one), fstatSync(other)];
    return a.dev === b.dev && a.ino === b.ino;
  } catch {
    return false;
  }
}

function onUnexpected(error: unknown): void {
  process.stderr.write(renderInternalError(error, { debug: process.env["AIRLOCK_DEBUG"] === "1" }));
  // A core that applies needs its providers, which it speaks to through this process.
  if (claims === 0) process.exit(EXIT_CODES.usage);
}

process.on("uncaughtException", onUnexpected);
process.on("unhandledRejection", onUnexpected);

const interrupt = interruption();

const io: CliIo = {
  stdin: () => process.stdin,
  stdinIsTTY: isatty(0),
  // Leaves standard input open: a core that is started later reads on.
  readLine: () => readLine(process.stdin, interrupt),
  signals,
  stdout: outputOf(process.stdout),
  stderr: outputOf(process.stderr),
  oneOutput: isSameFile(1, 2),
  env: process.env,
  cwd: process.cwd(),
  interrupt,
};
const code = await runCli(process.argv.slice(2), io);
await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
// An unread standard input, or a guest that will not end, must not keep a finished command alive.
process.exit(code);

import { jsProgram } from "../../../runtimes/js/program.js";
import { GuestError } from "../../../runtimes/guest-error.js";
import type { GuestProgram, SandboxedSpec } from "../../../runtimes/guest.js";
import { NO_GRANTS } from "../../../src/protocol/grants.js";
import type { Grants } from "../../../src/protocol/grants.js";
import { DEFAULT_LIMITS } from "../../../src/protocol/limits.js";
import type { Limits } from "../../../src/protocol/limits.js";
import type { LogRecord } from "../../../src/protocol/messages.js";

/** Main threads have a quarter of the native stack of a sandbox worker. */
const TEST_LIMITS: Limits = { ...DEFAULT_LIMITS, stackBytes: 128 * 1024 };

export interface JsOptions {
  readonly limits?: Partial<Limits>;
  readonly grants?: Partial<Grants>;
}

export interface JsRun {
  /** Lines written between taking a request and taking the next. */
  readonly exchanges: string[][];
  /** Error of each exchange that failed and was survived; null where it did not. */
  readonly failures: (GuestError | null)[];
  readonly logs: LogRecord[];
  readonly loaded: boolean;
  /** What ended the program. */
  readonly error: GuestError | null;
}

export function specOf(source: string | Uint8Array, options: JsOptions = {}): SandboxedSpec {
  return {
    kind: "js",
    name: "sample",
    code: typeof source === "string" ? new TextEncoder().encode(source) : source,
    limits: { ...TEST_LIMITS, ...options.limits },
    grants: { ...NO_GRANTS, ...options.grants },
  };
}

/** Runs a JavaScript guest over the lines. */
export async function runJs(source: string | Uint8Array, lines: string[], options: JsOptions = {}): Promise<JsRun> {
  return await runProgram(jsProgram, specOf(source, options), lines);
}

/** Runs any sandboxed program over the lines, as the sandbox would. */
export async function runProgram(program: GuestProgram, spec: SandboxedSpec, lines: readonly string[]): Promise<JsRun> {
  const run = { exchanges: [] as string[][], failures: [] as (GuestError | null)[], logs: [] as LogRecord[] };
  let loaded = false;
  const io = {
    read: () => {
      const line = lines[run.exchanges.length] ?? null;
      if (line !== null) {
        run.exchanges.push([]);
        run.failures.push(null);
      }
      return line;
    },
    write: (line: string) => {
      run.exchanges[run.exchanges.length - 1]?.push(line);
    },
    request: () => null,
    log: (record: LogRecord) => {
      run.logs.push(record);
    },
    fail: (error: GuestError) => {
      run.failures[run.failures.length - 1] = error;
    },
  };
  try {
    await program(spec, io, () => {
      loaded = true;
    });
    return { ...run, loaded, error: null };
  } catch (error) {
    if (!(error instanceof GuestError)) throw error;
    return { ...run, loaded, error };
  }
}

/** The answers to the lines; throws what went wrong with any of them. */
export async function answersOf(source: string, lines: string[], options: JsOptions = {}): Promise<string[]> {
  const run = await runJs(source, lines, options);
  const wrong = run.error ?? run.failures.find((failure) => failure !== null);
  if (wrong !== undefined) throw wrong;
  return run.exchanges.flat();
}

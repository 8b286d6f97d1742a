import { performance } from "node:perf_hooks";
import { startExecutable } from "../runtimes/executable/executable-guest.js";
import type { GuestIo, SandboxedSpec } from "../runtimes/guest.js";
import { jsProgram } from "../runtimes/js/program.js";
import { wasmProgram } from "../runtimes/wasm/program.js";
import type { IntegrationPackage } from "../src/package/integration-package.js";
import { NO_GRANTS } from "../src/protocol/grants.js";
import { DEFAULT_LIMITS } from "../src/protocol/limits.js";
import { BenchError } from "./bench-error.js";
import { measureCalls } from "./measure-calls.js";

/** A verdict of the measured policy that found nothing. */
const PASSED = '"status":"success"';

/** The lines of one conversation: the first is `initialize` and is not measured. */
export interface Conversation {
  readonly initialize: string;
  readonly calls: readonly string[];
}

/**
 * Times of the same guest with nothing around it, in us for each call: a sandboxed one runs in this thread, an
 * executable is spoken to without a runtime. It is the floor that everything else is held against.
 * Only for our own samples: this process has no wall around it.
 */
export async function callAlone(
  found: IntegrationPackage,
  { initialize, calls }: Conversation,
): Promise<readonly number[]> {
  if (found.kind === "executable" || found.code === null) return callExecutable(found, { initialize, calls });
  const spec: SandboxedSpec = {
    kind: found.kind,
    name: "alone",
    code: found.code,
    limits: DEFAULT_LIMITS,
    grants: NO_GRANTS,
  };
  const io = new TimedIo([initialize, ...calls]);
  await (spec.kind === "js" ? jsProgram : wasmProgram)(spec, io, () => undefined);
  return io.elapsedUs.slice(1);
}

/** Stdio in memory that measures from a line taken to the next one asked for. */
class TimedIo implements GuestIo {
  readonly elapsedUs: number[] = [];
  readonly #lines: readonly string[];
  #next = 0;
  #answer = PASSED;
  #takenAt = 0;

  constructor(lines: readonly string[]) {
    this.#lines = lines;
  }

  request(): null {
    return null;
  }

  read(): string | null {
    const now = performance.now();
    if (this.#next > 0) this.elapsedUs.push((now - this.#takenAt) * 1_000);
    // What `initialize` says is not a verdict.
    if (this.#next > 1) checkAnswer(this.#answer);
    const line = this.#lines[this.#next++] ?? null;
    this.#takenAt = performance.now();
    return line;
  }

  write(line: string): void {
    this.#answer = line;
  }

  log(): void {
    // The policy logs nothing of note.
  }

  fail(error: Error): void {
    throw error;
  }
}

async function callExecutable(
  found: IntegrationPackage,
  { initialize, calls }: Conversation,
): Promise<readonly number[]> {
  const { path, directory } = found;
  const { PATH = "", HOME = "" } = process.env;
  const guest = await startExecutable(
    { kind: "executable", name: "alone", path, directory, environment: { PATH, HOME }, limits: DEFAULT_LIMITS },
    { log: () => undefined },
  );
  try {
    await guest.exchange(initialize);
    const { latenciesUs } = await measureCalls(
      async (index) => {
        const { lines } = await guest.exchange(calls[index] ?? "");
        checkAnswer(lines.at(-1) ?? "");
      },
      { concurrency: 1, calls: calls.length },
    );
    return latenciesUs;
  } finally {
    await guest.close();
  }
}

function checkAnswer(line: string): void {
  if (line.includes(PASSED)) return;
  throw new BenchError("BENCH_WRONG_ANSWER", `the guest alone did not pass the event: ${line.slice(0, 200)}`);
}

import type { LogRecord } from "../../src/protocol/messages.js";
import type { GuestIo, SandboxedSpec } from "../guest.js";
import { GuestError } from "../guest-error.js";
import { Ending, guestErrorOf, ProgramExit } from "./ending.js";
import type { MemoryUse } from "./ending.js";
import { COMMAND_ENTRY, WASI_NAMESPACE } from "./host-functions.js";
import { exportedFunction, exportedMemory, instantiate } from "./instance.js";
import { loadError } from "./load-error.js";
import { GuestMemory } from "./wasi/guest-memory.js";
import { createWasi } from "./wasi/preview1.js";
import { LineInput, programStreams } from "./wasi/streams.js";

/**
 * Runs a program (`_start`) whose stdin is the host's lines and whose stdout is its answers. Blocks the thread until the
 * program's end. It counts as loaded when it first reads: whatever it does before is under the limit of loading.
 *
 * Returns when the host was done. Throws `GuestError`: GUEST_LOAD when the program cannot be instantiated;
 * GUEST_CRASHED when it traps, or ends before it was told to; GUEST_MEMORY; GUEST_MESSAGE_TOO_LARGE.
 */
export function runCommand(module: WebAssembly.Module, spec: SandboxedSpec, io: GuestIo, loaded: () => void): void {
  const memory = new GuestMemory();
  const ending = new Ending();
  const watched = new WatchedIo(io, loaded);
  const stdin = new LineInput(watched);
  const streams = programStreams(watched, stdin, spec.limits);
  const wasi = createWasi({ ...spec, streams, memory, ending });
  const use = (): MemoryUse => ({ usedBytes: memory.byteLength, limitBytes: spec.limits.memoryBytes });
  const instance = instantiate(module, { [WASI_NAMESPACE]: wasi }, ending, use);
  const exported = exportedMemory(instance);
  if (exported !== null) memory.bind(exported);
  const start = exportedFunction(instance, COMMAND_ENTRY);
  if (start === null) throw loadError(`the module exports no function "${COMMAND_ENTRY}"`);
  const failure = run(start, ending);
  streams.flush();
  if (failure !== null && !(failure instanceof ProgramExit)) throw guestErrorOf(failure, "while it ran", use());
  if (stdin.ended) return;
  // A program may end by itself after its last answer; whether it was the last one, the host's next line tells.
  const code = failure?.exitCode ?? 0;
  if (code === 0 && watched.answered && io.read() === null) return;
  throw endedEarly(failure, use());
}

/** What ended the program; null when it returned. */
function run(start: () => unknown, ending: Ending): unknown {
  try {
    start();
    return ending.cause;
  } catch (error) {
    return ending.cause ?? error;
  }
}

function endedEarly(exit: ProgramExit | null, use: MemoryUse): GuestError {
  // A language runtime that gets no more memory says so on stderr and exits.
  if (exit !== null && exit.exitCode !== 0) return guestErrorOf(exit, "in the middle of its work", use);
  return new GuestError("GUEST_CRASHED", "it ended before it was told to", true, {
    remedy: "A program must read stdin until its end, and answer every request",
  });
}

/** Knows when the program first reads, and whether the line at hand was answered. */
class WatchedIo implements GuestIo {
  readonly #io: GuestIo;
  #loaded: (() => void) | null;
  #answered = false;

  constructor(io: GuestIo, loaded: () => void) {
    this.#io = io;
    this.#loaded = loaded;
  }

  get answered(): boolean {
    return this.#answered;
  }

  read(): string | null {
    this.#loaded?.();
    this.#loaded = null;
    this.#answered = false;
    return this.#io.read();
  }

  write(line: string): void {
    this.#answered = true;
    this.#io.write(line);
  }

  request(line: string): string | null {
    return this.#io.request(line);
  }

  log(record: LogRecord): void {
    this.#io.log(record);
  }

  fail(error: GuestError): void {
    this.#io.fail(error);
  }
}

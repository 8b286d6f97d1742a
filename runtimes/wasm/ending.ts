import { formatSize } from "../../src/base/size-text.js";
import { GuestError } from "../guest-error.js";

/** A guest called `proc_exit`. No fault by itself: who runs the guest knows whether it was allowed to. */
export class ProgramExit extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`the program exited with code ${exitCode}`);
    this.name = "ProgramExit";
    this.exitCode = exitCode;
  }
}

/**
 * Why a guest has ended. Kept apart from the stack, because wasm code can catch what a host function throws
 * (`catch_all`, https://webassembly.github.io/spec/js-api/#host-function): without this a guest could go on after
 * an exit or a broken limit.
 */
export class Ending {
  #cause: Error | null = null;

  get cause(): Error | null {
    return this.#cause;
  }

  /** Ends the guest. The first cause stays. */
  end(cause: Error): never {
    this.#cause ??= cause;
    throw this.#cause;
  }

  /** Throws the cause again when the guest has ended already. */
  check(): void {
    if (this.#cause !== null) throw this.#cause;
  }
}

const AT_LIMIT = 7 / 8;

/** The memory of a guest at the moment something went wrong. */
export interface MemoryUse {
  readonly usedBytes: number;
  readonly limitBytes: number;
}

/**
 * The `GuestError` for whatever came out of guest code: a trap, an exit, an exhausted stack or a `GuestError` of ours.
 * A trap with the memory at its limit counts as GUEST_MEMORY: a failing `memory.grow` is not seen from outside, and
 * what a program then does is to trap.
 */
export function guestErrorOf(error: unknown, during: string, memory: MemoryUse): GuestError {
  if (error instanceof GuestError) return error;
  const context = { cause: error };
  if (error instanceof RangeError) {
    const lacking = error.message.includes("stack") ? "stack" : "memory";
    return new GuestError("GUEST_MEMORY", `it ran out of ${lacking} ${during}`, true, context);
  }
  const what = error instanceof Error ? error.message : String(error);
  if (memory.usedBytes >= memory.limitBytes * AT_LIMIT) {
    const text = `it ran out of memory ${during}: ${formatSize(memory.usedBytes)} of ${formatSize(memory.limitBytes)} used (${what})`;
    return new GuestError("GUEST_MEMORY", text, true, { ...context, remedy: "Raise its memory limit" });
  }
  const text = error instanceof ProgramExit ? `it exited with code ${error.exitCode}` : `it trapped: ${what}`;
  return new GuestError("GUEST_CRASHED", `${text} (${during})`, true, context);
}

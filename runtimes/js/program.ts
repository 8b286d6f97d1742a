import { formatSize } from "../../src/base/size-text.js";
import { GuestError } from "../guest-error.js";
import type { GuestIo, GuestProgram, SandboxedSpec } from "../guest.js";
import { MAX_STACK_BYTES } from "./engine.js";
import { Faults } from "./faults.js";
import { JsVm, toLines } from "./vm.js";

/**
 * Runs a JavaScript guest: one ES module, in QuickJS compiled to Wasm.
 *
 * The module's plain contract: it exports `handle(line)`, which takes one request line and returns one response line
 * or a promise of one; or, while it loads, it calls the global `airlock.serve(handle)` (the SDK does). While it works
 * on a request, `airlock.send(line)` writes a further line, e.g. a notification. `console.log`, `info`, `warn`,
 * `error` and `debug` write log lines. There is nothing else: no import, no timer, no file, no network. `Date` starts
 * at 2000-01-01T00:00:00Z and advances 1 ms at every look, and `Math.random` gives the same sequence in every
 * instance, unless the grants say otherwise.
 *
 * Rejects with a `GuestError`: `GUEST_MODULE_TOO_LARGE`, `GUEST_LOAD`, `GUEST_MEMORY`, `GUEST_TIMEOUT`, and
 * `GUEST_CRASHED` when the engine itself broke. What the guest survives goes to `io.fail`: `GUEST_CRASHED` (an
 * exception), `GUEST_NO_ANSWER`, `GUEST_MESSAGE_TOO_LARGE`, and `GUEST_MEMORY` for endless recursion.
 */
export const jsProgram: GuestProgram = async (spec, io, loaded, compiled) => {
  const source = readSource(spec);
  const { timeoutMs, initializeTimeoutMs } = spec.limits;
  const vm = await JsVm.open(spec, io, compiled);
  vm.load(source, initializeTimeoutMs);
  loaded();
  // The first request is `initialize`, which has the longer time; whoever holds the worker counts both together.
  let budgetMs = Math.max(initializeTimeoutMs, timeoutMs);
  for (let line = io.read(); line !== null; line = io.read()) {
    exchange(vm, io, line, budgetMs);
    budgetMs = timeoutMs;
  }
  vm.dispose();
};

function exchange(vm: JsVm, io: GuestIo, line: string, budgetMs: number): void {
  try {
    for (const answer of toLines(vm.call(line, budgetMs))) io.write(answer);
  } catch (error) {
    if (!(error instanceof GuestError) || error.gone) throw error;
    io.fail(error);
  }
}

/** Bytes to text. QuickJS bytecode is never loaded: it is trusted by the engine, and it is not text. */
function readSource({ name, code, limits }: SandboxedSpec): string {
  const faults = new Faults(name);
  if (code.byteLength > limits.moduleBytes) {
    throw faults.make(
      "GUEST_MODULE_TOO_LARGE",
      `is a module of ${formatSize(code.byteLength)}; ${formatSize(limits.moduleBytes)} are allowed`,
      true,
      "Minify the bundle, or leave libraries out.",
    );
  }
  if (limits.stackBytes > MAX_STACK_BYTES) {
    throw faults.load(
      `asks for a stack of ${formatSize(limits.stackBytes)}`,
      `At most ${formatSize(MAX_STACK_BYTES)} can be had.`,
    );
  }
  try {
    const source = new TextDecoder("utf-8", { fatal: true }).decode(code);
    if (!source.includes("\0")) return source;
  } catch {
    // Falls to the error below.
  }
  throw faults.load(
    "is not JavaScript: its bytes are not UTF-8 text",
    "Point `source` at an ES module in source form.",
  );
}

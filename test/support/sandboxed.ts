import type { GuestObserver, SandboxedSpec } from "../../runtimes/guest.js";
import { NO_GRANTS } from "../../src/protocol/grants.js";
import { DEFAULT_LIMITS } from "../../src/protocol/limits.js";
import type { Limits } from "../../src/protocol/limits.js";
import type { LogRecord } from "../../src/protocol/messages.js";

/** A js guest for the sandbox. */
export function jsSpec(source: string, limits: Partial<Limits> = {}): SandboxedSpec {
  const code = new TextEncoder().encode(source);
  return { kind: "js", name: "guest", code, limits: { ...DEFAULT_LIMITS, ...limits }, grants: NO_GRANTS };
}

/** An observer that keeps what it is told. */
export function recorder(): GuestObserver & { readonly records: LogRecord[] } {
  const records: LogRecord[] = [];
  return { records, log: (record) => records.push(record) };
}

/** Echoes; counts its calls; misbehaves when a line asks for it. */
export const COUNTER = `
let calls = 0;
export function handle(line) {
  calls++;
  if (line === "loop") for (;;);
  if (line === "throw") throw new Error("asked for");
  if (line === "log") for (let i = 0; i < 1000; i++) console.log("line " + i);
  return line + " " + calls;
}`;

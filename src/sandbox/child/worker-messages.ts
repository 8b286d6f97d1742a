import type { MessagePort } from "node:worker_threads";
import type { GuestErrorCode } from "../../../runtimes/guest-error.js";
import type { SandboxedSpec } from "../../../runtimes/guest.js";
import type { LogLevel } from "../../protocol/messages.js";
import type { ProgramSpec } from "../messages.js";

/** The one task of a worker: the whole life of one guest. */
export interface ServeTask {
  readonly port: MessagePort;
  readonly control: SharedArrayBuffer;
  /** Lines on their way to the guest. */
  readonly input: SharedArrayBuffer;
  /** What it says, answers first of all. */
  readonly output: SharedArrayBuffer;
  readonly spec: ProgramSpec;
  /** What an earlier guest of the same code compiled. */
  readonly module: WebAssembly.Module | null;
}

/** Makes a worker ready for guests of a kind, before there is one for it. */
export interface WarmUpTask {
  readonly warmUp: SandboxedSpec["kind"];
}

/** On the port, watcher to worker: the answer to what the guest asked in a call, or the bytes of a large line. */
export type PortInput = readonly ["reply", seq: number, answer: string] | Uint8Array;

/** On the port, worker to watcher: there is output, or the bytes of a large text, or what was compiled. */
export type PortOutput = null | Uint8Array | WebAssembly.Module;

/** Worker to watcher, beside answers. */
export type WorkerMessage =
  | readonly ["loaded"]
  | readonly ["request", seq: number, line: string]
  | readonly ["log", level: LogLevel, message: string]
  /** `gone` false: only the call failed, the guest lives. */
  | readonly ["failed", seq: number, code: GuestErrorCode, message: string, gone: boolean, remedy: string | null];

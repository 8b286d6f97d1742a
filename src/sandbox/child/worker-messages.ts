import type { MessagePort } from "node:worker_threads";
import type { GuestErrorCode } from "../../../runtimes/guest-error.js";
import type { LogLevel } from "../../protocol/messages.js";
import type { ProgramSpec } from "../messages.js";

/** The one task of a worker: the whole life of one guest. */
export interface ServeTask {
  readonly port: MessagePort;
  readonly control: SharedArrayBuffer;
  readonly held: SharedArrayBuffer;
  readonly spec: ProgramSpec;
}

/** A request line of the host, with its time limit in ms. */
export type WorkerLine = readonly ["line", seq: number, timeoutMs: number, line: string];

/** Watcher to worker: lines in order, and answers to what the guest asked; null = come to your end. */
export type WorkerInput = readonly (WorkerLine | readonly ["reply", seq: number, answer: string] | null)[];

/** Worker to watcher. */
export type WorkerOutput =
  | readonly ["answer", seq: number, lines: readonly string[], elapsedUs: number]
  | readonly ["loaded"]
  | readonly ["request", seq: number, line: string]
  | readonly ["log", level: LogLevel, message: string]
  /** `gone` false: only the call failed, the guest lives. */
  | readonly ["failed", seq: number, code: GuestErrorCode, message: string, gone: boolean, remedy: string | null];

import type { Exchange } from "../src/protocol/endpoint.js";
import type { Grants } from "../src/protocol/grants.js";
import type { Limits } from "../src/protocol/limits.js";
import type { LogRecord } from "../src/protocol/messages.js";
import type { Bubblewrap } from "./executable/bubblewrap.js";
import type { GuestError } from "./guest-error.js";

/** What it takes to run a guest in the sandbox: bytes, never a path. */
export interface SandboxedSpec {
  readonly kind: "wasm" | "js";
  /** The integration's declared name, for messages. */
  readonly name: string;
  readonly code: Uint8Array;
  readonly limits: Limits;
  readonly grants: Grants;
  /** What a program finds in its environment; left out: nothing. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** What it takes to run an executable. */
export interface ExecutableSpec {
  readonly kind: "executable";
  readonly name: string;
  /** Absolute path of the program. */
  readonly path: string;
  /** The whole environment of the process. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where the interpreter of `#!/usr/bin/env NAME` is looked for (the form of PATH); not given to the process. */
  readonly searchPath?: string;
  /** Absolute path of its working directory. */
  readonly directory: string;
  readonly limits: Limits;
  /** What isolates it; without, only its process group and limits contain it. */
  readonly isolation?: Bubblewrap | undefined;
  /** It is a file of its own: when isolated it sees only itself, and nothing else of its directory. */
  readonly isAlone?: boolean;
}

export type { Exchange };

/**
 * One running instance of an integration, as a line channel. The host's side of every kind.
 * Exchanges are answered in the order they were asked; a guest works on one at a time.
 */
export interface Guest {
  /**
   * Hands one request line (no LF) to the guest. Rejects with a `GuestError`; after one whose `gone` is true
   * the guest has ended and every later exchange rejects with `GUEST_GONE`.
   */
  exchange(line: string): Promise<Exchange>;
  /** Ends the guest now and gives back what it held. Never rejects; may be called twice. */
  close(): Promise<void>;
}

/** What a guest says outside its answers. */
export interface GuestObserver {
  /** A line on stderr, `console.log` or the like; cut and rate-limited already. */
  log(record: LogRecord): void;
  /**
   * Answers a request that the guest makes of its host: a line, or null when the line is no request. Never rejects.
   * `over` fires when the call that the request belongs to has ended. Left out: every request is refused.
   */
  readonly answer?: (line: string, over: AbortSignal) => Promise<string | null>;
}

/**
 * Told of the processes in which guests live, each the leader of a group of its own, so that somebody who outlives this
 * process can end them. Must not throw.
 */
export interface GuestProcesses {
  /** In the same turn in which it was started. */
  started(pid: number): void;
  ended(pid: number): void;
}

/** What a program inside the sandbox sees of its host: the two ends of its stdio. */
export interface GuestIo {
  /** Takes the next request line; blocks the thread until there is one; null when the host is done. */
  read(): string | null;
  /**
   * Writes one line (no LF). A request of the guest blocks the thread until the host has answered; the answer is what
   * `read` gives next. Throws a `GuestError` when the line is over the message size.
   */
  write(line: string): void;
  /** As `write`, but gives the host's answer; null when the line is no request that the host takes, or no call is under way. */
  request(line: string): string | null;
  /** Writes one log line; never throws, drops what is over the rate. */
  log(record: LogRecord): void;
  /** Ends the exchange at hand with an error that the guest survives (its `gone` is false). Never throws. */
  fail(error: GuestError): void;
}

/** What was compiled for an earlier guest of the same code and limits, so that a fresh one starts sooner. */
export interface CompiledCode {
  /** null: there is nothing yet. */
  readonly module: WebAssembly.Module | null;
  /** Takes what was compiled because there was nothing. */
  readonly keep: (module: WebAssembly.Module) => void;
}

/**
 * A guest's code inside a sandbox worker. It loads it, calls `loaded` once, answers every line of `io.read` until
 * null, and returns. It throws a `GuestError` for everything the guest does wrong and does not survive; what it survives
 * goes to `io.fail`.
 */
export type GuestProgram = (
  spec: SandboxedSpec,
  io: GuestIo,
  loaded: () => void,
  compiled?: CompiledCode,
) => Promise<void>;

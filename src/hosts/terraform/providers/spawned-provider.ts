import { spawn } from "node:child_process";
import type { ChildProcessByStdio } from "node:child_process";
import { rm } from "node:fs/promises";
import { basename } from "node:path";
import type { Readable } from "node:stream";
import { errorCode } from "../../../base/error-code.js";
import type { Environment } from "./cli-files.js";
import { endText, exitOf, inTime, killGroup } from "./exit.js";
import type { ProcessEnd } from "./exit.js";
import type { ProcessWatch } from "./guard.js";
import { firstLine, parseHandshake } from "./handshake.js";
import type { Handshake } from "./handshake.js";
import { adoptSocket, removeSocket } from "./outside-socket.js";
import { providerEnvironment } from "./provider-environment.js";
import { ProviderError } from "./provider-error.js";
import type { ProviderErrorCode } from "./provider-error.js";
import type { ProviderLog } from "./provider-log.js";
import type { ProtocolVersion } from "./reattach.js";
import type { RunFolder } from "./run-folder.js";
import { StderrTail } from "./stderr-tail.js";
import { checkUnchanged } from "./unchanged.js";

/** As go-plugin's client (`StartTimeout`), in ms. */
const START_MS = 60_000;
/** How long the rest of what an ended process wrote is waited for, in ms. */
const DRAIN_MS = 200;
/** Lines of stderr that a message shows. */
const SHOWN_LINES = 10;

/** What is needed to start a provider. */
export interface ProviderStart {
  /** `host/namespace/type`, for messages. */
  readonly source: string;
  readonly path: string;
  /** Core's own working directory. */
  readonly cwd: string;
  /** Core's own environment. */
  readonly env: Environment;
  readonly folder: RunFolder;
  readonly watch: ProcessWatch;
  /** The state in which the program was verified (`programState`); null when there is nothing to hold it to. */
  readonly state: string | null;
  /** The version that core was told of. */
  readonly protocol?: ProtocolVersion | undefined;
  readonly log?: ProviderLog | undefined;
  /** Ends the start, not the provider. */
  readonly signal?: AbortSignal | undefined;
  /** How long it may take to say where it listens, in ms. */
  readonly startMs?: number;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** A process that was started, whatever it says. */
export class SpawnedProvider {
  readonly pid: number;
  readonly ended: Promise<ProcessEnd>;
  readonly #start: ProviderStart;
  readonly #child: Child;
  readonly #socketFolder: string;
  readonly #stderr: StderrTail;
  readonly #stderrClosed: Promise<void>;
  #outside: string | undefined;

  private constructor(start: ProviderStart, child: Child, pid: number, socketFolder: string) {
    this.#start = start;
    this.#child = child;
    this.pid = pid;
    this.#socketFolder = socketFolder;
    this.ended = exitOf(child).then((end) => {
      start.watch.ended(pid);
      return end;
    });
    const name = basename(start.path);
    this.#stderr = new StderrTail((line) => start.log?.line(name, line));
    child.stderr.on("data", (chunk: Buffer) => {
      this.#stderr.push(chunk);
    });
    this.#stderrClosed = new Promise((resolve) => {
      child.stderr.once("close", () => {
        this.#stderr.end();
        resolve();
      });
    });
    // The end of the process tells all; an error event without a listener would end us.
    for (const source of [child, child.stdout, child.stderr]) source.on("error", () => undefined);
  }

  static async spawn(start: ProviderStart): Promise<SpawnedProvider> {
    const { name, path: socketFolder } = await start.folder.socketFolder();
    start.watch.expect(name);
    let failure: unknown;
    try {
      const child = spawn(start.path, [], {
        cwd: start.cwd,
        env: providerEnvironment(start.env, socketFolder, start.source),
        stdio: ["ignore", "pipe", "pipe"],
        detached: true,
      });
      // No await between the fork and this: the guard knows of it in the same turn.
      if (child.pid !== undefined) {
        start.watch.started(child.pid, name);
        return new SpawnedProvider(start, child, child.pid, socketFolder);
      }
      failure = await new Promise<unknown>((resolve) => child.once("error", resolve));
    } catch (error) {
      failure = error;
    }
    start.watch.failed(name);
    await rm(socketFolder, { recursive: true, force: true });
    throw notExecutable(start, failure);
  }

  async handshake(): Promise<Handshake> {
    const { source, path, state } = this.#start;
    const line = await this.#lineInTime(firstLine(this.#child.stdout, source));
    // First, because it may be what keeps another program from starting as a provider does.
    if (state !== null) await checkUnchanged(path, source, state);
    const handshake = parseHandshake(line, source);
    const { protocol } = this.#start;
    if (protocol !== undefined && handshake.protocol !== protocol) throw otherProtocol(source, handshake, protocol);
    this.#outside = await adoptSocket(handshake.address, this.#socketFolder);
    return handshake;
  }

  /** Ends what is left of it, and removes its socket folder. Never rejects. */
  async tidy(withGroup: boolean): Promise<void> {
    if (withGroup) killGroup(this.pid);
    if (this.#outside !== undefined) await removeSocket(this.#outside);
    await rm(this.#socketFolder, { recursive: true, force: true }).catch(() => undefined);
  }

  /** With what it wrote last. */
  async error(code: ProviderErrorCode, what: string): Promise<ProviderError> {
    await inTime(this.#stderrClosed, DRAIN_MS);
    const { lines } = this.#stderr;
    const shown = code === "PROVIDER_CRASHED" ? lines : lines.slice(0, SHOWN_LINES);
    const said = shown.length === 0 ? "It wrote nothing to its stderr." : `It wrote:\n${shown.join("\n")}`;
    return new ProviderError(code, `${what}. ${said}`, {
      remedy: "Run it again with TF_LOG_PROVIDER=debug to see more; tell the provider's authors.",
    });
  }

  async #lineInTime(line: Promise<string | undefined>): Promise<string> {
    const { source, startMs = START_MS } = this.#start;
    const first = Promise.race([line, this.ended.then(() => undefined)]).then((text) => ({ text }));
    const found = await inTime(this.#unlessStopped(first), startMs);
    if (found === undefined) {
      throw await this.error("PROVIDER_START_TIMEOUT", `${source} did not start within ${startMs} ms`);
    }
    if (found.text !== undefined) return found.text;
    const end = await inTime(this.ended, DRAIN_MS);
    if (end === undefined)
      throw await this.error("PROVIDER_HANDSHAKE", `${source} closed its stdout without a handshake`);
    throw await this.error("PROVIDER_EXITED", `${source} did not start: ${endText(end)}`);
  }

  #unlessStopped<T>(promise: Promise<T>): Promise<T> {
    const { signal } = this.#start;
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        reject(interrupted(this.#start));
      };
      signal?.addEventListener("abort", stop);
      void promise.then(resolve, reject).finally(() => signal?.removeEventListener("abort", stop));
      if (signal?.aborted === true) stop();
    });
  }
}

export function interrupted(start: ProviderStart): ProviderError {
  return new ProviderError("PROVIDER_INTERRUPTED", `the start of ${start.source} was stopped`);
}

function otherProtocol(source: string, { protocol }: Handshake, expected: ProtocolVersion): ProviderError {
  return new ProviderError(
    "PROVIDER_PROTOCOL",
    `${source} speaks protocol ${protocol}, but was known to speak ${expected}`,
    {
      remedy: "Run it again: what was remembered of it is forgotten now.",
    },
  );
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "it may not be executed",
  ENOENT: "it, the working directory or its interpreter is missing",
  ENOEXEC: "it is no program",
  ETXTBSY: "somebody is writing to it",
};

function notExecutable(start: ProviderStart, cause: unknown): ProviderError {
  const code = errorCode(cause) ?? "unknown reason";
  return new ProviderError(
    "PROVIDER_NOT_EXECUTABLE",
    `${start.path}, the program of ${start.source}, cannot be started: ${REASONS[code] ?? code}`,
    { cause, remedy: "Is the package made for this machine? If so, run: airlock init" },
  );
}

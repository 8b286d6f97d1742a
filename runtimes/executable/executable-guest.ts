import { readGuestRequest, refuseRequest } from "../../src/protocol/guest-request.js";
import type { GuestRequest } from "../../src/protocol/guest-request.js";
import { exceedsBytes } from "../../src/protocol/json.js";
import { LineDecoder } from "../../src/protocol/line-decoder.js";
import type { ProtocolError } from "../../src/protocol/protocol-error.js";
import { RequestError } from "../../src/protocol/request-error.js";
import type { GuestError } from "../guest-error.js";
import type { Exchange, ExecutableSpec, Guest, GuestObserver, GuestProcesses } from "../guest.js";
import { HostRequests } from "../host-requests.js";
import { LogLimiter } from "../log-limiter.js";
import { OWN_PROCESSES } from "./bubblewrap.js";
import { ExecutableFaults } from "./faults.js";
import { endsExchange, GuestLines } from "./guest-lines.js";
import { GroupWatch } from "./group-watch.js";
import { launchCommand } from "./launch.js";
import { ProcessGroup } from "./process-group.js";
import { checkStartable, explainStartFailure } from "./start-failure.js";
import { StderrLog } from "./stderr-log.js";
import { within } from "./within.js";

/** How long a guest that was asked to end may take over it, in ms. */
const CLOSE_MS = 500;
/** How long the rest of a guest's output is waited for once it has ended or closed a pipe, in ms. */
const DRAIN_MS = 200;
/** The longest time a Node timer can wait; more would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** One watch for all executables, so that the cost of a sample is paid once. */
let groupWatch: GroupWatch | undefined;

/**
 * Starts a program as a guest: requests on its stdin, answers on its stdout, log lines on its stderr. Resolves when
 * the process runs; rejects with `GuestError` GUEST_LOAD when it cannot be started.
 *
 * - The process has exactly the environment of the spec, is the leader of its own session and process group, and is
 *   killed with the whole group by SIGKILL at a missed deadline, over a limit, at its end, and when this process exits.
 * - With `isolation` in its spec it has no network, sees only what it needs, read-only, and no process of it survives.
 *   Without, it has the rights of the user, and a process of it that starts its own session survives.
 * - Memory is the resident memory of its processes, sampled every 50 ms, as is their number. No process can have more
 *   open files than its limit, or leave a core dump.
 * - Held for it at most: one message plus 1 MiB of unread output, one log line, the last 2 KiB of stderr.
 */
export async function startExecutable(
  spec: ExecutableSpec,
  observer: GuestObserver,
  processes?: GuestProcesses,
): Promise<Guest> {
  const command = await checkStartable(spec);
  let group: ProcessGroup;
  try {
    group = await ProcessGroup.start(await launchCommand(command, spec), spec, processes);
  } catch (error) {
    throw await explainStartFailure(spec, error);
  }
  return new ExecutableGuest(spec, group, observer);
}

interface Call {
  readonly seq: number;
  readonly line: string;
  readonly resolve: (exchange: Exchange) => void;
  readonly reject: (error: Error) => void;
  writtenAt: number;
}

class ExecutableGuest implements Guest {
  readonly #spec: ExecutableSpec;
  readonly #group: ProcessGroup;
  readonly #faults: ExecutableFaults;
  readonly #stderr: StderrLog;
  readonly #stderrClosed: Promise<void>;
  readonly #decoder: LineDecoder;
  readonly #lines: GuestLines;
  readonly #requests: HostRequests;
  readonly #unwatch: () => void;
  readonly #queue: Call[] = [];
  #lastSeq = 0;
  #current: Call | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #drain: NodeJS.Timeout | undefined;
  #initialized = false;
  /** Why the guest has ended; from then on no exchange reaches it. */
  #ending: Error | undefined;
  #closed: Promise<void> | undefined;

  constructor(spec: ExecutableSpec, group: ProcessGroup, observer: GuestObserver) {
    const { limits } = spec;
    this.#spec = spec;
    this.#group = group;
    this.#faults = new ExecutableFaults(spec);
    const limiter = new LogLimiter(limits, (record) => {
      observer.log(record);
    });
    this.#stderr = new StderrLog(limiter, limits.logLineBytes);
    this.#decoder = new LineDecoder(limits.messageBytes);
    this.#lines = new GuestLines(limits.messageBytes);
    this.#requests = new HostRequests(observer, (_call, answer) => {
      this.#write(answer);
    });
    groupWatch ??= new GroupWatch();
    const own = spec.isolation === undefined ? 0 : OWN_PROCESSES;
    this.#unwatch = groupWatch.add(group.id, { ...limits, processes: limits.processes + own }, (use) => {
      this.#stop(this.#faults.overLimit(use && { ...use, processes: use.processes - own }));
    });
    this.#stderrClosed = new Promise((resolve) => {
      group.child.stderr.once("close", () => {
        this.#stderr.end();
        resolve();
      });
    });
    this.#listen();
  }

  exchange(line: string): Promise<Exchange> {
    if (exceedsBytes(line, this.#spec.limits.messageBytes)) return Promise.reject(this.#faults.requestTooLarge());
    if (this.#ending !== undefined) return Promise.reject(this.#faults.gone(this.#ending));
    return new Promise((resolve, reject) => {
      this.#queue.push({ seq: ++this.#lastSeq, line, resolve, reject, writtenAt: 0 });
      this.#next();
    });
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  async #close(): Promise<void> {
    const idle = this.#current === undefined && this.#ending === undefined;
    this.#end(this.#faults.closed());
    await this.#group.stop(idle ? CLOSE_MS : 0);
    await this.#drained();
  }

  /** Resolves when stderr has been read to its end; a process out of reach that holds it open is not waited for. */
  async #drained(): Promise<void> {
    const { stdin, stdout, stderr } = this.#group.child;
    await within(this.#stderrClosed, DRAIN_MS);
    for (const stream of [stdin, stdout, stderr]) stream.destroy();
    await this.#stderrClosed;
  }

  #listen(): void {
    const { child, ended } = this.#group;
    child.stdout.on("data", (chunk: Uint8Array) => {
      this.#read(chunk);
    });
    child.stderr.on("data", (chunk: Uint8Array) => {
      this.#stderr.push(chunk);
    });
    // Any of these may come before what the guest wrote last was read, so its end is judged a little later.
    const closing = (): void => {
      this.#drain ??= setTimeout(() => {
        this.#judgeEnd();
      }, DRAIN_MS);
    };
    child.stdin.once("error", closing);
    child.stdout.once("end", closing);
    void ended.then(() => {
      this.#unwatch();
      closing();
    });
    child.once("close", () => {
      this.#judgeEnd();
    });
  }

  #judgeEnd(): void {
    const { end } = this.#group;
    const inCall = this.#current !== undefined;
    this.#stop(end === undefined ? this.#faults.noAnswer() : this.#faults.ended(end, inCall, this.#stderr.lastLines()));
  }

  #next(): void {
    if (this.#current !== undefined || this.#ending !== undefined) return;
    if (this.#queue.length > 0 && this.#group.end !== undefined) {
      this.#judgeEnd();
      return;
    }
    const call = this.#queue.shift();
    if (call === undefined) return;
    this.#current = call;
    const { initializeTimeoutMs, timeoutMs } = this.#spec.limits;
    const allowedMs = this.#initialized ? timeoutMs : initializeTimeoutMs;
    this.#initialized = true;
    call.writtenAt = performance.now();
    this.#deadline = setTimeout(
      () => {
        // If this process was busy past the deadline, the answer may be waiting unread: read first, then judge.
        setImmediate(() => {
          if (this.#current === call) this.#stop(this.#faults.timeout(allowedMs));
        });
      },
      Math.min(allowedMs, MAX_TIMER_MS),
    );
    this.#write(call.line);
  }

  #write(line: string): void {
    this.#group.child.stdin.write(`${line}\n`);
  }

  #read(chunk: Uint8Array): void {
    if (this.#ending !== undefined) return;
    let lines: string[];
    try {
      lines = this.#decoder.push(chunk);
    } catch (error) {
      this.#stop(this.#faults.badOutput(error));
      return;
    }
    let answered = false;
    for (const line of lines) {
      const request = readGuestRequest(line);
      if (!this.#lines.add(line, request === null)) {
        this.#stop(this.#faults.tooMuchOutput());
        return;
      }
      if (request !== null) this.#asked(request, line);
      else if (endsExchange(line, this.#spec.limits.messageBytes)) answered = true;
    }
    if (answered) this.#answered();
  }

  /** A request of the guest's own belongs to the call at hand. */
  #asked(request: GuestRequest, line: string): void {
    const call = this.#current;
    if (call !== undefined && this.#requests.take(call.seq, line)) return;
    const why = call === undefined ? "it was made while no call was under way" : "too many others wait already";
    const code = call === undefined ? "REQUEST_INVALID" : "REQUEST_RATE";
    this.#write(refuseRequest(request, new RequestError(code, why)));
  }

  /** Without a call waiting the lines stay, and are the first ones of the next exchange. */
  #answered(): void {
    const call = this.#current;
    if (call === undefined) return;
    clearTimeout(this.#deadline);
    this.#current = undefined;
    this.#requests.callEnded(call.seq);
    call.resolve({ lines: this.#lines.take(), elapsedUs: Math.round((performance.now() - call.writtenAt) * 1_000) });
    this.#next();
  }

  /** Ends the guest for a fault of its own; only the first fault counts. */
  #stop(fault: GuestError | ProtocolError): void {
    if (this.#ending !== undefined) return;
    this.#group.kill();
    this.#end(fault);
  }

  #end(reason: Error): void {
    if (this.#ending !== undefined) return;
    this.#ending = reason;
    this.#requests.close();
    this.#unwatch();
    clearTimeout(this.#deadline);
    clearTimeout(this.#drain);
    this.#lines.take();
    this.#current?.reject(reason);
    this.#current = undefined;
    for (const call of this.#queue.splice(0)) call.reject(this.#faults.gone(reason));
  }
}

import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import type { Piscina } from "piscina";
import { errorCode } from "../../base/error-code.js";
import type { GuestErrorCode } from "../../../runtimes/guest-error.js";
import type { ProgramSpec, SandboxMessage } from "../messages.js";
import { Control, LOADING } from "./control.js";
import type { Activity } from "./control.js";
import { HeldOutput } from "./held-output.js";
import type { ServeTask, WorkerInput, WorkerOutput } from "./worker-messages.js";

/** A guest that stops itself (QuickJS) does so at the limit; only then the thread is ended. */
const GRACE_MS = 10;
/** The first call of a guest. */
const INITIALIZE = 1;

/** One guest in its worker, seen from the main thread of the sandbox host. */
export class Life {
  readonly #id: number;
  readonly #send: (message: SandboxMessage) => void;
  readonly #port: MessagePort;
  readonly #control = new Control();
  readonly #held = new HeldOutput();
  readonly #abort = new AbortController();
  #pending: WorkerInput[number][] = [];
  #timedOut: Activity | null = null;
  #told = false;
  /** Resolves when the worker is done with this guest, however it came about. */
  readonly ended: Promise<void>;

  constructor(
    id: number,
    pool: Piscina<ServeTask, undefined>,
    spec: ProgramSpec,
    send: (message: SandboxMessage) => void,
  ) {
    this.#id = id;
    this.#send = send;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.on("message", (output: readonly WorkerOutput[]) => {
      this.#forward(output);
    });
    const task: ServeTask = { port: port2, control: this.#control.buffer, held: this.#held.buffer, spec };
    this.ended = pool.run(task, { transferList: [port2], signal: this.#abort.signal }).then(
      () => {
        this.#finish(null);
      },
      (error: unknown) => {
        this.#finish(error);
      },
    );
  }

  /** Queues a line; `flush` hands all queued ones over at once. */
  line(input: WorkerInput[number]): void {
    this.#pending.push(input);
  }

  flush(): void {
    if (this.#pending.length === 0) return;
    this.#port.postMessage(this.#pending);
    this.#pending = [];
    this.#control.wake();
  }

  /** Ends the worker if it is over its limit. */
  watch(): void {
    const activity = this.#control.activity();
    if (activity === null || this.#timedOut !== null || activity.elapsedMs < activity.limitMs + GRACE_MS) return;
    this.#timedOut = activity;
    this.#abort.abort();
  }

  /** Ends the worker now; nothing more is told of this guest. */
  kill(): void {
    this.#told = true;
    this.#abort.abort();
  }

  #finish(error: unknown): void {
    for (;;) {
      const left = receiveMessageOnPort(this.#port) as { readonly message: readonly WorkerOutput[] } | undefined;
      if (left === undefined) break;
      this.#forward(left.message);
    }
    this.#port.close();
    this.#forward(this.#held.recover());
    if (this.#told) return;
    const seq = this.#timedOut?.seq ?? this.#control.lastSeq();
    const [code, message, remedy] = this.#reason(error);
    this.#failed(Math.max(seq, 0), code, message, true, remedy);
  }

  #reason(error: unknown): [code: GuestErrorCode, message: string, remedy: string | null] {
    if (this.#timedOut !== null) return timeout(this.#timedOut);
    if (error === null) return ["GUEST_CRASHED", "it ended before it was told to", null];
    const text = error instanceof Error ? error.message.slice(0, 500) : "unknown";
    if (errorCode(error) === "ERR_WORKER_OUT_OF_MEMORY") {
      return ["GUEST_MEMORY", `its worker ran out of memory: ${text}`, null];
    }
    return ["GUEST_CRASHED", `its worker ended: ${text}`, null];
  }

  #forward(output: readonly WorkerOutput[]): void {
    for (const message of output) {
      switch (message[0]) {
        case "answer":
          this.#send(["answer", this.#id, message[1], [...message[2]], message[3]]);
          break;
        case "loaded":
          this.#send(["loaded", this.#id]);
          break;
        case "request":
          this.#send(["request", this.#id, message[1], message[2]]);
          break;
        case "log":
          this.#send(["log", this.#id, message[1], message[2]]);
          break;
        case "failed":
          this.#failed(message[1], message[2], message[3], message[4], message[5]);
          break;
      }
    }
  }

  #failed(seq: number, code: GuestErrorCode, message: string, gone: boolean, remedy: string | null): void {
    if (this.#told) return;
    if (gone) this.#told = true;
    this.#send(["failed", this.#id, seq, code, message, gone, remedy]);
  }
}

function timeout({ seq, limitMs }: Activity): [GuestErrorCode, string, string] {
  const what = seq === LOADING ? "loading" : "working";
  const argument = seq === LOADING || seq === INITIALIZE ? "initialize_timeout" : "timeout";
  const message = `it was still ${what} after ${limitMs} ms and was stopped`;
  return ["GUEST_TIMEOUT", message, `Look for an endless loop in it, or raise ${argument} in its declaration.`];
}

import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import type { Piscina } from "piscina";
import { errorCode } from "../../base/error-code.js";
import type { GuestErrorCode } from "../../../runtimes/guest-error.js";
import type { TextFrame } from "../frames.js";
import type { ProgramSpec, SandboxMessage } from "../messages.js";
import { Control, LOADING } from "./control.js";
import type { Activity } from "./control.js";
import { LineQueue } from "./line-queue.js";
import { RECORD, Ring } from "./ring.js";
import type { RingRecord } from "./ring.js";
import type { PortOutput, ServeTask, WarmUpTask, WorkerMessage } from "./worker-messages.js";

/** A guest that stops itself (QuickJS) does so at the limit; only then the thread is ended. */
const GRACE_MS = 10;
/** The first call of a guest. */
const INITIALIZE = 1;
/** A call that has taken so much of its limit may be one that does not end. */
const SUSPECT_SHARE = 0.4;
/** Room for what a worker says until this thread takes it. */
const OUTPUT_BYTES = 128 * 1024;

/** What a life takes place in. */
export interface Place {
  readonly pool: Piscina<ServeTask | WarmUpTask, undefined>;
  readonly spec: ProgramSpec;
  readonly module: WebAssembly.Module | null;
}

/** What the main thread does with what a guest says. */
export interface Sink {
  readonly send: (message: SandboxMessage) => void;
  /** An answer; its bytes are valid only while this runs, unless there are more of them than a ring takes. */
  readonly answer: (answer: TextFrame<Uint8Array>) => void;
  /** Its worker compiled its code. */
  readonly compiled: (module: WebAssembly.Module) => void;
}

/** One guest in its worker, seen from the main thread of the sandbox host. */
export class Life {
  readonly spec: ProgramSpec;
  readonly #id: number;
  readonly #sink: Sink;
  readonly #port: MessagePort;
  readonly #control = new Control();
  readonly #lines: LineQueue;
  readonly #output = Ring.of(OUTPUT_BYTES);
  /** Bytes of large answers, before their records are read. */
  readonly #large: Uint8Array[] = [];
  readonly #abort = new AbortController();
  #timedOut: Activity | null = null;
  #told = false;
  /** Resolves when the worker is done with this guest, however it came about. */
  readonly ended: Promise<void>;

  constructor(id: number, { pool, spec, module }: Place, sink: Sink) {
    this.spec = spec;
    this.#id = id;
    this.#sink = sink;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#lines = new LineQueue(port1);
    port1.on("message", (output: PortOutput) => {
      this.#posted(output);
      this.#drain();
    });
    const task: ServeTask = {
      port: port2,
      control: this.#control.buffer,
      input: this.#lines.buffer,
      output: this.#output.buffer,
      spec,
      module,
    };
    this.ended = pool.run(task, { transferList: [port2], signal: this.#abort.signal }).then(
      () => {
        this.#finish(null);
      },
      (error: unknown) => {
        this.#finish(error);
      },
    );
  }

  /** Queues a line; `flush` wakes the worker for all queued ones at once. The bytes may be written over behind this. */
  line(seq: number, timeoutMs: number, bytes: Uint8Array): void {
    this.#lines.add({ seq, timeoutMs, bytes });
  }

  /** Hands over the host's answer to a request of this call. */
  reply(seq: number, answer: string): void {
    this.#port.postMessage(["reply", seq, answer]);
    this.#control.wake();
  }

  flush(): void {
    if (this.#lines.takeNews()) this.#control.wake();
  }

  /** Ends the worker if it is over its limit. True while its call has taken so long that this may come to be. */
  watch(): boolean {
    const activity = this.#control.activity();
    if (activity === null || this.#timedOut !== null) return false;
    if (activity.elapsedMs >= activity.limitMs + GRACE_MS) {
      this.#timedOut = activity;
      this.#abort.abort();
    }
    return activity.seq > INITIALIZE && activity.elapsedMs > activity.limitMs * SUSPECT_SHARE;
  }

  /** Ends the worker now; nothing more is told of this guest. */
  kill(): void {
    this.#told = true;
    this.#abort.abort();
  }

  #finish(error: unknown): void {
    this.#drain();
    this.#port.close();
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

  /** Passes on all that the worker has said so far. */
  #drain(): void {
    this.#output.hears();
    for (let record = this.#output.peek(); record !== null; record = this.#output.peek()) {
      this.#forward(record);
      this.#output.release();
    }
    // An answer means that a line has made room for others.
    this.#lines.refill();
    this.flush();
  }

  #forward({ kind, seq, figure, bytes }: RingRecord): void {
    const isLarge = kind === RECORD.large || kind === RECORD.largeMessage;
    const text = isLarge ? this.#takeLarge() : bytes;
    if (kind === RECORD.text || kind === RECORD.large) this.#sink.answer({ guest: this.#id, seq, figure, text });
    else this.#said(JSON.parse(Buffer.from(text).toString()) as WorkerMessage);
  }

  #said(message: WorkerMessage): void {
    switch (message[0]) {
      case "loaded":
        this.#sink.send(["loaded", this.#id]);
        break;
      case "request":
        this.#sink.send(["request", this.#id, message[1], message[2]]);
        break;
      case "log":
        this.#sink.send(["log", this.#id, message[1], message[2]]);
        break;
      case "failed":
        this.#failed(message[1], message[2], message[3], message[4], message[5]);
        break;
    }
  }

  /** The bytes of the large record at hand: posted before it was pushed, so they are there. */
  #takeLarge(): Uint8Array {
    for (;;) {
      const first = this.#large.shift();
      if (first !== undefined) return first;
      const posted = receiveMessageOnPort(this.#port) as { readonly message: PortOutput } | undefined;
      if (posted === undefined) throw new Error("a large record has no bytes");
      this.#posted(posted.message);
    }
  }

  #posted(message: PortOutput): void {
    if (message instanceof WebAssembly.Module) this.#sink.compiled(message);
    else if (message !== null) this.#large.push(message);
  }

  #failed(seq: number, code: GuestErrorCode, message: string, gone: boolean, remedy: string | null): void {
    if (this.#told) return;
    if (gone) this.#told = true;
    this.#sink.send(["failed", this.#id, seq, code, message, gone, remedy]);
  }
}

function timeout({ seq, limitMs }: Activity): [GuestErrorCode, string, string] {
  const what = seq === LOADING ? "loading" : "working";
  const argument = seq === LOADING || seq === INITIALIZE ? "initialize_timeout" : "timeout";
  const message = `it was still ${what} after ${limitMs} ms and was stopped`;
  return ["GUEST_TIMEOUT", message, `Look for an endless loop in it, or raise ${argument} in its declaration.`];
}

import { receiveMessageOnPort } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import type { Control } from "./control.js";
import { RECORD } from "./ring.js";
import type { Ring, RingRecord } from "./ring.js";
import type { PortInput } from "./worker-messages.js";

/** A request line of the host. */
export interface WorkerLine {
  readonly seq: number;
  readonly timeoutMs: number;
  readonly line: string;
}

/** What the host says to a worker. Blocks the thread until there is something. */
export class WorkerInput {
  readonly #port: MessagePort;
  readonly #control: Control;
  readonly #ring: Ring;
  /** Bytes of large lines, before their records are read. */
  readonly #large: Uint8Array[] = [];

  constructor(port: MessagePort, control: Control, ring: Ring) {
    this.#port = port;
    this.#control = control;
    this.#ring = ring;
  }

  /** The next request line; `idle` is called before the thread blocks. */
  next(idle: () => void): WorkerLine {
    for (;;) {
      const seen = this.#control.wakes();
      const record = this.#ring.peek();
      if (record !== null) {
        const line = this.#textOf(record);
        // At once: the room for the next line must not wait for the answer to this one.
        this.#ring.release();
        return { seq: record.seq, timeoutMs: record.figure, line };
      }
      idle();
      this.#control.wait(seen);
    }
  }

  /** The host's answer to a request made in this call; others are answers to calls that are over. */
  reply(seq: number, idle: () => void): string {
    for (;;) {
      const seen = this.#control.wakes();
      const message = this.#receive();
      if (message === undefined) {
        idle();
        this.#control.wait(seen);
      } else if (message instanceof Uint8Array) this.#large.push(message);
      else if (message[1] === seq) return message[2];
    }
  }

  #textOf({ kind, bytes }: RingRecord): string {
    return (kind === RECORD.large ? Buffer.from(this.#takeLarge().buffer) : bytes).toString("utf8");
  }

  /** Posted before its record was pushed, so it is there. */
  #takeLarge(): Uint8Array {
    for (;;) {
      const first = this.#large.shift();
      if (first !== undefined) return first;
      const message = this.#receive();
      if (message === undefined) throw new Error("a large line has no bytes");
      if (message instanceof Uint8Array) this.#large.push(message);
    }
  }

  #receive(): PortInput | undefined {
    const received = receiveMessageOnPort(this.#port) as { readonly message: PortInput } | undefined;
    return received?.message;
  }
}

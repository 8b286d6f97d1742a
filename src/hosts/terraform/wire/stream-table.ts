import { ConnectionFault, ErrorCode } from "./frames.js";
import type { HopStream } from "./hop-stream.js";
import type { Field } from "./hpack-table.js";

/** A stream of ours that is not on the wire yet, with the head that opens it. */
export interface Waiting {
  readonly stream: HopStream;
  readonly fields: readonly Field[];
}

/** The streams of one connection: those that are open, and on a client hop those that wait to be. */
export class StreamTable {
  readonly isServer: boolean;
  /** Highest id that the peer opened. */
  lastPeerId = 0;
  readonly #open = new Map<number, HopStream>();
  #waiting: Waiting[] = [];
  #nextId = 1;

  constructor(isServer: boolean) {
    this.isServer = isServer;
  }

  get size(): number {
    return this.#open.size;
  }

  values(): IterableIterator<HopStream> {
    return this.#open.values();
  }

  /** The stream of a received frame; undefined when it is over. Throws `ConnectionFault` when it never was. */
  find(id: number): HopStream | undefined {
    const stream = this.#open.get(id);
    const isIdle = id % 2 === 0 || (this.isServer ? id > this.lastPeerId : id >= this.#nextId);
    if (stream === undefined && isIdle) {
      throw new ConnectionFault(ErrorCode.protocolError, `a frame for stream ${id}, which was never opened`);
    }
    return stream;
  }

  /** Whether HEADERS with this id open a stream. */
  isNew(id: number): boolean {
    return this.isServer && id % 2 === 1 && id > this.lastPeerId;
  }

  add(stream: HopStream): void {
    this.#open.set(stream.id, stream);
  }

  /** Whether it was open. */
  remove(stream: HopStream): boolean {
    return this.#open.delete(stream.id);
  }

  wait(waiting: Waiting): void {
    this.#waiting.push(waiting);
  }

  /** The next one that waits and was not reset meanwhile, with its id from now on; undefined when there is none. */
  next(): Waiting | undefined {
    for (;;) {
      const next = this.#waiting.shift();
      if (next?.stream.closed === true) continue;
      if (next === undefined) return undefined;
      next.stream.id = this.#nextId;
      this.#nextId += 2;
      this.add(next.stream);
      return next;
    }
  }

  /** All that wait and were not reset; none waits afterwards. */
  takeWaiting(): HopStream[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting.map(({ stream }) => stream).filter(({ closed }) => !closed);
  }
}

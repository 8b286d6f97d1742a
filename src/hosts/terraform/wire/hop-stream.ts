import type { Field } from "./hpack-table.js";
import type { WireError } from "./wire-error.js";

/** Told what the peer does on one stream, in order. Nothing comes after `reset` or `lost`. */
export interface StreamListener {
  /** `fields` is null when the list is over its limit. */
  headers(fields: Field[] | null, end: boolean): void;
  /** The bytes count against the peer's window until `HopStream.consume` gives them back. */
  data(payload: Buffer, end: boolean): void;
  /** The peer reset the stream, or broke its rules and we did. */
  reset(code: number): void;
  /** The connection ended, or the peer will not work on this stream any more. */
  lost(reason: WireError): void;
}

/** The connection, as far as its streams use it. */
export interface StreamHome {
  writeHeaders(stream: HopStream, fields: readonly Field[]): void;
  /** It has something in its queue now, or ends. */
  queued(stream: HopStream): void;
  discard(stream: HopStream, code: number): void;
  consumed(stream: HopStream, bytes: number): void;
}

interface Queued {
  readonly bytes: Uint8Array;
  readonly source: HopStream | null;
}

/** One stream of one connection. What is sent waits here until windows and socket let it go. */
export class HopStream {
  /** 0 until it is opened on the wire. */
  id = 0;
  /** Bytes that the peer lets us send; negative after the peer lowered its initial window. */
  sendWindow = 0;
  /** Bytes that the peer may still send. */
  receiveWindow: number;
  /** Bytes given back by `consume` that the peer was not told of. */
  unreturned = 0;
  dataReceived = false;
  dataSent = false;
  remoteEnded = false;
  /** The end has been written. */
  localEnded = false;
  /** Nothing goes in or out any more. */
  closed = false;
  listener: StreamListener | null = null;
  /** The sender's list of streams that have something to send. */
  next: HopStream | null = null;
  isReady = false;

  readonly #home: StreamHome;
  #queue: Queued[] = [];
  #first = 0;
  /** Bytes of the first entry that have been sent. */
  #offset = 0;
  #endQueued = false;
  #trailers: readonly Field[] | null = null;

  constructor(home: StreamHome, receiveWindow: number) {
    this.#home = home;
    this.receiveWindow = receiveWindow;
  }

  /** Nothing waits to be sent, but perhaps its end. */
  isEmpty(): boolean {
    return this.#first === this.#queue.length;
  }

  /** Its end was asked for; nothing more is taken. */
  get endQueued(): boolean {
    return this.#endQueued;
  }

  get trailers(): readonly Field[] | null {
    return this.#trailers;
  }

  /** With `end`, these are the last of the stream and go after what waits; else they go at once. */
  sendHeaders(fields: readonly Field[], end: boolean): void {
    if (this.closed || this.#endQueued) return;
    if (end) {
      this.#trailers = fields;
      this.end();
    } else {
      this.#home.writeHeaders(this, fields);
    }
  }

  /** When the bytes leave (or are dropped), `source` gets its credit back; null: they are nobody's. */
  sendData(bytes: Uint8Array, source: HopStream | null): void {
    if (this.closed || this.#endQueued) {
      source?.consume(bytes.length);
    } else if (bytes.length > 0) {
      this.#queue.push({ bytes, source });
      this.#home.queued(this);
    }
  }

  end(): void {
    if (this.closed || this.#endQueued) return;
    this.#endQueued = true;
    this.#home.queued(this);
  }

  /** Ends the stream at once in both directions; what waits is dropped. Nothing happens when it has ended already. */
  reset(code: number): void {
    if (!this.closed) this.#home.discard(this, code);
  }

  /** So many received bytes need no room any more. */
  consume(bytes: number): void {
    this.#home.consumed(this, bytes);
  }

  /** Takes up to `max` bytes from the queue, never across its entries. */
  take(max: number): Uint8Array {
    const entry = this.#queue[this.#first];
    if (entry === undefined) return new Uint8Array(0);
    const from = this.#offset;
    const to = Math.min(from + max, entry.bytes.length);
    if (to === entry.bytes.length) this.#dropFirst();
    else this.#offset = to;
    entry.source?.consume(to - from);
    return from === 0 && to === entry.bytes.length ? entry.bytes : entry.bytes.subarray(from, to);
  }

  /** Drops what was not sent; its sources get their credit back. */
  clear(): void {
    while (!this.isEmpty()) this.take(Infinity);
    this.#trailers = null;
  }

  #dropFirst(): void {
    this.#offset = 0;
    this.#first++;
    if (!this.isEmpty()) return;
    this.#queue = [];
    this.#first = 0;
  }
}

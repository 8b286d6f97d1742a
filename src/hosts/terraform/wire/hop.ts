import type { Duplex } from "node:stream";
import { ConnectionFault, ErrorCode, FrameType, PREFACE } from "./frames.js";
import { FrameReader } from "./frame-reader.js";
import { FrameRules, type FrameHome } from "./frame-rules.js";
import type { Field } from "./hpack-table.js";
import { HopStream, type StreamHome, type StreamListener } from "./hop-stream.js";
import { PeerSettings } from "./peer-settings.js";
import { ReceiveWindow, STREAM_WINDOW } from "./receive-window.js";
import { Sender } from "./sender.js";
import { StreamTable } from "./stream-table.js";
import { writeOpening } from "./opening.js";
import { WireError } from "./wire-error.js";

/** Streams that core may have open at once; above it a stream is refused, and grpc-go tries again. */
export const MAX_STREAMS = 4096;

export interface HopEvents {
  /** The peer opened a stream; its listener must be set before this returns. Only on a server hop. */
  opened(stream: HopStream, fields: Field[] | null, end: boolean): void;
  /** The connection is over, once; null: it ended in order. Its streams have been told. */
  lost(error: unknown): void;
}

/**
 * One HTTP/2 connection: towards core ("server") or towards the provider ("client"). It keeps its own settings, windows,
 * header tables and stream ids; nothing of it depends on the other one. No method throws.
 */
export class Hop implements StreamHome, FrameHome {
  readonly #isServer: boolean;
  readonly #events: HopEvents;
  readonly #settings = new PeerSettings();
  readonly #window = new ReceiveWindow();
  readonly #streams: StreamTable;
  readonly #reader: FrameReader;
  readonly #rules: FrameRules;
  readonly #sender: Sender;
  #socket: Duplex | null = null;
  #refusal: WireError | null = null;
  #closed: () => void = () => undefined;
  #isOver = false;

  constructor(role: "server" | "client", events: HopEvents) {
    this.#isServer = role === "server";
    this.#events = events;
    this.#streams = new StreamTable(this.#isServer);
    this.#reader = new FrameReader((type, flags, id, payload) => {
      if (!this.#isOver) this.#rules.frame(type, flags, id, payload);
    }, this.#isServer);
    this.#sender = new Sender(
      (stream) => {
        this.settle(stream);
      },
      (error) => {
        this.#end(error);
      },
    );
    this.#rules = new FrameRules(this, {
      settings: this.#settings,
      window: this.#window,
      streams: this.#streams,
      sender: this.#sender,
    });
  }

  /** Resolves when the connection is over and its socket is closed; never rejects. */
  readonly closed = new Promise<void>((resolve) => {
    this.#closed = resolve;
  });

  /** Why no stream can be opened any more; null while they can. */
  get refusal(): WireError | null {
    return this.#refusal;
  }

  /** Takes the socket over and greets the peer. On a hop that is over, the socket is destroyed. */
  attach(socket: Duplex): void {
    socket.on("error", (error) => {
      this.#end(error);
    });
    if (this.#isOver) {
      socket.destroy();
      return;
    }
    this.#socket = socket;
    if (socket.destroyed) {
      this.#end(null);
      this.#closed();
      return;
    }
    socket.on("data", this.#received);
    socket.on("end", () => {
      this.#end(null);
    });
    socket.on("close", () => {
      this.#end(null);
      this.#closed();
    });
    if (!this.#isServer) this.#sender.writer.bytes(PREFACE);
    writeOpening(this.#sender.writer, this.#isServer, MAX_STREAMS);
    this.#sender.attach(socket);
  }

  /** A new stream on a client hop. It may wait before it is on the wire; what is sent on it waits with it. */
  open(fields: readonly Field[], listener: StreamListener): HopStream {
    const stream = new HopStream(this, STREAM_WINDOW);
    stream.listener = listener;
    if (this.#refusal !== null) {
      stream.closed = true;
      listener.lost(this.#refusal);
      return stream;
    }
    this.#streams.wait({ stream, fields });
    this.openWaiting();
    return stream;
  }

  /** Says goodbye and ends the connection; what the peer has not taken by then is dropped. */
  close(reason: unknown = null): void {
    this.#end(reason);
  }

  writeHeaders(stream: HopStream, fields: readonly Field[]): void {
    this.#sender.headers(stream, fields, false);
  }

  queued(stream: HopStream): void {
    this.#sender.ready(stream);
  }

  discard(stream: HopStream, code: number): void {
    if (stream.id !== 0) {
      this.#sender.writer.number(FrameType.rstStream, stream.id, code);
      this.#sender.schedule();
    }
    this.#forget(stream);
  }

  consumed(stream: HopStream, bytes: number): void {
    if (this.#isOver) return;
    if (this.#window.consumed(this.#sender.writer, stream, bytes)) this.#sender.schedule();
  }

  readonly #received = (chunk: Buffer): void => {
    try {
      this.#reader.push(chunk);
    } catch (error) {
      this.#end(error);
    }
  };

  opened(id: number, fields: Field[] | null, end: boolean): void {
    this.#streams.lastPeerId = id;
    const stream = new HopStream(this, STREAM_WINDOW);
    stream.id = id;
    stream.sendWindow = this.#settings.initialWindow;
    if (this.#streams.size >= MAX_STREAMS) {
      this.discard(stream, ErrorCode.refusedStream);
      return;
    }
    stream.remoteEnded = end;
    this.#streams.add(stream);
    this.#events.opened(stream, fields, end);
    if (end) this.settle(stream);
  }

  refused(lastStreamId: number, reason: WireError): void {
    this.#refusal ??= reason;
    for (const stream of this.#streams.values()) if (stream.id > lastStreamId) this.#drop(stream, reason);
    this.#dropWaiting(reason);
  }

  violated(stream: HopStream, code: number): void {
    const { listener } = stream;
    this.discard(stream, code);
    listener?.reset(code);
  }

  wasReset(stream: HopStream, code: number): void {
    const { listener } = stream;
    this.#forget(stream);
    listener?.reset(code);
  }

  #drop(stream: HopStream, reason: WireError): void {
    const { listener } = stream;
    this.#forget(stream);
    listener?.lost(reason);
  }

  #dropWaiting(reason: WireError): void {
    for (const stream of this.#streams.takeWaiting()) this.#drop(stream, reason);
  }

  settle(stream: HopStream): void {
    if (stream.localEnded && stream.remoteEnded && !stream.closed) this.#forget(stream);
  }

  #forget(stream: HopStream): void {
    stream.closed = true;
    stream.listener = null;
    stream.clear();
    if (this.#streams.remove(stream) && !this.#isServer) this.openWaiting();
  }

  openWaiting(): void {
    while (this.#rules.isSettled && this.#refusal === null && this.#streams.size < this.#settings.maxStreams) {
      const next = this.#streams.next();
      if (next === undefined) return;
      const { stream, fields } = next;
      stream.sendWindow = this.#settings.initialWindow;
      this.#sender.headers(stream, fields, false);
      this.#sender.ready(stream);
    }
  }

  #end(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const peer = this.#isServer ? "core" : "the provider";
    const reason =
      error instanceof WireError
        ? error
        : new WireError("WIRE_PROVIDER_LOST", `the connection to ${peer} has ended`, { cause: error });
    this.#refusal ??= reason;
    this.#sayGoodbye(error);
    for (const stream of this.#streams.values()) this.#drop(stream, reason);
    this.#dropWaiting(reason);
    this.#events.lost(error);
  }

  #sayGoodbye(error: unknown): void {
    const socket = this.#socket;
    if (socket === null) this.#closed();
    if (socket === null || socket.destroyed) return;
    const code =
      error === null ? ErrorCode.noError : error instanceof ConnectionFault ? error.http2Code : ErrorCode.internalError;
    this.#sender.writer.goaway(this.#streams.lastPeerId, code);
    this.#sender.flush();
    socket.end();
    // A peer that takes nothing any more must not keep us: what the system has not taken by then is lost.
    setImmediate(() => socket.destroy());
  }
}

import type { Duplex } from "node:stream";
import { ConnectionFault, ErrorCode, Flag, FrameType, MAX_WINDOW, PREFACE } from "./frames.js";
import { FrameReader } from "./frame-reader.js";
import { HeaderBlocks, unpad, type HeaderBlock } from "./header-blocks.js";
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
export class Hop implements StreamHome {
  readonly #isServer: boolean;
  readonly #events: HopEvents;
  readonly #settings = new PeerSettings();
  readonly #blocks = new HeaderBlocks();
  readonly #window = new ReceiveWindow();
  readonly #streams: StreamTable;
  readonly #reader: FrameReader;
  readonly #sender: Sender;
  #socket: Duplex | null = null;
  #isSettled = false;
  #refusal: WireError | null = null;
  #closed: () => void = () => undefined;
  #isOver = false;

  constructor(role: "server" | "client", events: HopEvents) {
    this.#isServer = role === "server";
    this.#events = events;
    this.#streams = new StreamTable(this.#isServer);
    this.#reader = new FrameReader((type, flags, id, payload) => {
      if (!this.#isOver) this.#frame(type, flags, id, payload);
    }, this.#isServer);
    this.#sender = new Sender(this.#settle, (error) => {
      this.#end(error);
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
    this.#openWaiting();
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

  #frame(type: number, flags: number, id: number, payload: Buffer): void {
    if (!this.#isSettled && (type !== FrameType.settings || (flags & Flag.ack) !== 0)) {
      throw broken("the first frame is not SETTINGS");
    }
    if (this.#blocks.isOpen && type !== FrameType.continuation) throw broken("a header block was not ended");
    switch (type) {
      case FrameType.data:
        this.#data(flags, id, payload);
        break;
      case FrameType.headers:
        if (id === 0) throw broken("HEADERS on stream 0");
        this.#block(this.#blocks.headers(flags, id, payload));
        break;
      case FrameType.continuation:
        this.#block(this.#blocks.continuation(flags, id, payload));
        break;
      case FrameType.rstStream:
        size(payload, 4, "RST_STREAM");
        this.#reset(this.#streams.find(id), payload.readUInt32BE(0));
        break;
      case FrameType.settings:
        this.#applySettings(flags, id, payload);
        break;
      case FrameType.pushPromise:
        throw broken("PUSH_PROMISE, which is not allowed here");
      case FrameType.ping:
        this.#ping(flags, id, payload);
        break;
      case FrameType.goaway:
        this.#goaway(payload);
        break;
      case FrameType.windowUpdate:
        this.#widen(id, payload);
        break;
    }
  }

  #data(flags: number, id: number, payload: Buffer): void {
    const stream = this.#streams.find(id);
    const data = unpad(flags, payload);
    const end = (flags & Flag.endStream) !== 0;
    this.#window.received(stream, payload.length);
    if (stream === undefined || stream.remoteEnded) {
      if (this.#window.consumed(this.#sender.writer, null, payload.length)) this.#sender.schedule();
      if (stream !== undefined) this.#violated(stream, ErrorCode.streamClosed);
      return;
    }
    stream.dataReceived = true;
    if (end) stream.remoteEnded = true;
    if (payload.length > data.length) stream.consume(payload.length - data.length);
    if (data.length > 0 || end) stream.listener?.data(data, end);
    if (end) this.#settle(stream);
  }

  #block(block: HeaderBlock | null): void {
    if (block === null) return;
    const { streamId, fields, endStream } = block;
    if (this.#streams.isNew(streamId)) {
      this.#opened(streamId, fields, endStream);
      return;
    }
    const stream = this.#streams.find(streamId);
    if (stream === undefined) return;
    if (stream.remoteEnded) {
      this.#violated(stream, ErrorCode.streamClosed);
    } else if (!endStream && (this.#isServer || stream.dataReceived)) {
      this.#violated(stream, ErrorCode.protocolError);
    } else {
      if (endStream) stream.remoteEnded = true;
      stream.listener?.headers(fields, endStream);
      if (endStream) this.#settle(stream);
    }
  }

  #opened(id: number, fields: Field[] | null, end: boolean): void {
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
    if (end) this.#settle(stream);
  }

  #applySettings(flags: number, id: number, payload: Buffer): void {
    if (id !== 0) throw broken("SETTINGS on a stream");
    if ((flags & Flag.ack) !== 0) {
      size(payload, 0, "SETTINGS ACK");
      return;
    }
    const { windowChange, tableLowered } = this.#settings.apply(payload);
    this.#isSettled = true;
    if (tableLowered) this.#sender.dropTable();
    this.#sender.writer.header(0, FrameType.settings, Flag.ack, 0);
    this.#sender.schedule();
    if (windowChange !== 0) for (const stream of this.#streams.values()) this.#changeWindow(stream, windowChange);
    this.#openWaiting();
  }

  #changeWindow(stream: HopStream, by: number): void {
    stream.sendWindow += by;
    if (stream.sendWindow > MAX_WINDOW) {
      throw new ConnectionFault(ErrorCode.flowControlError, "SETTINGS bring a window over its limit");
    }
    this.#sender.ready(stream);
  }

  #ping(flags: number, id: number, payload: Buffer): void {
    size(payload, 8, "PING");
    if (id !== 0) throw broken("PING on a stream");
    if ((flags & Flag.ack) !== 0) return;
    this.#sender.writer.header(8, FrameType.ping, Flag.ack, 0);
    this.#sender.writer.bytes(payload);
    this.#sender.schedule();
  }

  /** The provider will not work on later streams. Core's GOAWAY says nothing that matters: its streams end, then it. */
  #goaway(payload: Buffer): void {
    if (payload.length < 8) throw new ConnectionFault(ErrorCode.frameSizeError, "GOAWAY of a wrong size");
    if (this.#isServer) return;
    const last = payload.readUInt32BE(0) & MAX_WINDOW;
    const code = payload.readUInt32BE(4);
    const reason = new WireError("WIRE_PROVIDER_LOST", `the provider takes no more calls (GOAWAY ${code})`);
    this.#refusal ??= reason;
    for (const stream of this.#streams.values()) if (stream.id > last) this.#drop(stream, reason);
    this.#dropWaiting(reason);
  }

  #widen(id: number, payload: Buffer): void {
    size(payload, 4, "WINDOW_UPDATE");
    const by = payload.readUInt32BE(0) & MAX_WINDOW;
    if (id === 0) {
      if (by === 0) throw broken("WINDOW_UPDATE of nothing");
      this.#sender.widen(by);
      return;
    }
    const stream = this.#streams.find(id);
    if (stream === undefined) return;
    stream.sendWindow += by;
    if (by === 0) this.#violated(stream, ErrorCode.protocolError);
    else if (stream.sendWindow > MAX_WINDOW) this.#violated(stream, ErrorCode.flowControlError);
    else this.#sender.ready(stream);
  }

  /** The peer broke a rule that concerns one stream. */
  #violated(stream: HopStream, code: number): void {
    const { listener } = stream;
    this.discard(stream, code);
    listener?.reset(code);
  }

  #reset(stream: HopStream | undefined, code: number): void {
    if (stream === undefined) return;
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

  /** Ends the stream's part here when both sides have ended theirs. */
  readonly #settle = (stream: HopStream): void => {
    if (stream.localEnded && stream.remoteEnded && !stream.closed) this.#forget(stream);
  };

  #forget(stream: HopStream): void {
    stream.closed = true;
    stream.listener = null;
    stream.clear();
    if (this.#streams.remove(stream) && !this.#isServer) this.#openWaiting();
  }

  #openWaiting(): void {
    while (this.#isSettled && this.#refusal === null && this.#streams.size < this.#settings.maxStreams) {
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

function broken(what: string): ConnectionFault {
  return new ConnectionFault(ErrorCode.protocolError, what);
}

function size(payload: Buffer, wanted: number, name: string): void {
  if (payload.length !== wanted) throw new ConnectionFault(ErrorCode.frameSizeError, `${name} of a wrong size`);
}

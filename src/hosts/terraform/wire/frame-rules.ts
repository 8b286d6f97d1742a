import { ConnectionFault, ErrorCode, Flag, FrameType, MAX_WINDOW } from "./frames.js";
import { HeaderBlocks, unpad, type HeaderBlock } from "./header-blocks.js";
import type { HopStream } from "./hop-stream.js";
import type { Field } from "./hpack-table.js";
import type { PeerSettings } from "./peer-settings.js";
import type { ReceiveWindow } from "./receive-window.js";
import type { Sender } from "./sender.js";
import type { StreamTable } from "./stream-table.js";
import { WireError } from "./wire-error.js";

/** The connection, as far as received frames change it. */
export interface FrameHome {
  /** The peer opened a stream. */
  opened(id: number, fields: Field[] | null, end: boolean): void;
  /** The peer reset a stream. */
  wasReset(stream: HopStream, code: number): void;
  /** The peer broke a rule that concerns one stream only. */
  violated(stream: HopStream, code: number): void;
  /** Ends the stream's part here when both sides have ended theirs. */
  settle(stream: HopStream): void;
  /** The peer works on no stream after this one. */
  refused(lastStreamId: number, reason: WireError): void;
  /** More streams may fit now. */
  openWaiting(): void;
}

/** What the parts of one connection have in common. */
export interface HopParts {
  readonly settings: PeerSettings;
  readonly window: ReceiveWindow;
  readonly streams: StreamTable;
  readonly sender: Sender;
}

/** What each received frame means, and what it must not be: RFC 9113, sections 4 to 6. */
export class FrameRules {
  /** The peer's settings are there. */
  isSettled = false;
  readonly #home: FrameHome;
  readonly #settings: PeerSettings;
  readonly #window: ReceiveWindow;
  readonly #streams: StreamTable;
  readonly #sender: Sender;
  readonly #blocks = new HeaderBlocks();

  constructor(home: FrameHome, { settings, window, streams, sender }: HopParts) {
    this.#home = home;
    this.#settings = settings;
    this.#window = window;
    this.#streams = streams;
    this.#sender = sender;
  }

  /** Throws `ConnectionFault` when the connection cannot go on. */
  frame(type: number, flags: number, id: number, payload: Buffer): void {
    if (!this.isSettled && (type !== FrameType.settings || (flags & Flag.ack) !== 0)) {
      throw broken("the first frame is not SETTINGS");
    }
    if (this.#blocks.isOpen && type !== FrameType.continuation) throw broken("a header block was not ended");
    switch (type) {
      case FrameType.data:
        this.#data(flags, id, payload);
        break;
      case FrameType.headers:
        this.#block(this.#blocks.headers(flags, id, payload));
        break;
      case FrameType.continuation:
        this.#block(this.#blocks.continuation(flags, id, payload));
        break;
      case FrameType.rstStream:
        this.#reset(id, payload);
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
      if (stream !== undefined) this.#home.violated(stream, ErrorCode.streamClosed);
      return;
    }
    stream.dataReceived = true;
    if (end) stream.remoteEnded = true;
    if (payload.length > data.length) stream.consume(payload.length - data.length);
    if (data.length > 0 || end) stream.listener?.data(data, end);
    if (end) this.#home.settle(stream);
  }

  #block(block: HeaderBlock | null): void {
    if (block === null) return;
    const { streamId, fields, endStream } = block;
    if (this.#streams.isNew(streamId)) {
      this.#home.opened(streamId, fields, endStream);
      return;
    }
    const stream = this.#streams.find(streamId);
    if (stream === undefined) return;
    if (stream.remoteEnded) {
      this.#home.violated(stream, ErrorCode.streamClosed);
    } else if (!endStream && (this.#streams.isServer || stream.dataReceived)) {
      this.#home.violated(stream, ErrorCode.protocolError);
    } else {
      if (endStream) stream.remoteEnded = true;
      stream.listener?.headers(fields, endStream);
      if (endStream) this.#home.settle(stream);
    }
  }

  #applySettings(flags: number, id: number, payload: Buffer): void {
    if (id !== 0) throw broken("SETTINGS on a stream");
    if ((flags & Flag.ack) !== 0) {
      size(payload, 0, "SETTINGS ACK");
      return;
    }
    const { windowChange, tableLowered } = this.#settings.apply(payload);
    this.isSettled = true;
    if (tableLowered) this.#sender.dropTable();
    this.#sender.writer.header(0, FrameType.settings, Flag.ack, 0);
    this.#sender.schedule();
    if (windowChange !== 0) for (const stream of this.#streams.values()) this.#changeWindow(stream, windowChange);
    this.#home.openWaiting();
  }

  #changeWindow(stream: HopStream, by: number): void {
    stream.sendWindow += by;
    if (stream.sendWindow > MAX_WINDOW) {
      throw new ConnectionFault(ErrorCode.flowControlError, "SETTINGS bring a window over its limit");
    }
    this.#sender.ready(stream);
  }

  #reset(id: number, payload: Buffer): void {
    size(payload, 4, "RST_STREAM");
    const stream = this.#streams.find(id);
    if (stream !== undefined) this.#home.wasReset(stream, payload.readUInt32BE(0));
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
    if (this.#streams.isServer) return;
    const last = payload.readUInt32BE(0) & MAX_WINDOW;
    const code = payload.readUInt32BE(4);
    this.#home.refused(last, new WireError("WIRE_PROVIDER_LOST", `the provider takes no more calls (GOAWAY ${code})`));
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
    if (by === 0) this.#home.violated(stream, ErrorCode.protocolError);
    else if (stream.sendWindow > MAX_WINDOW) this.#home.violated(stream, ErrorCode.flowControlError);
    else this.#sender.ready(stream);
  }
}

function broken(what: string): ConnectionFault {
  return new ConnectionFault(ErrorCode.protocolError, what);
}

function size(payload: Buffer, wanted: number, name: string): void {
  if (payload.length !== wanted) throw new ConnectionFault(ErrorCode.frameSizeError, `${name} of a wrong size`);
}

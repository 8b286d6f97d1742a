import type { Duplex } from "node:stream";
import { ConnectionFault, DEFAULT_WINDOW, ErrorCode, Flag, FrameType, MAX_FRAME, MAX_WINDOW } from "./frames.js";
import { FrameWriter } from "./frame-writer.js";
import { writeHeaders } from "./hpack-encoder.js";
import type { Field } from "./hpack-table.js";
import type { HopStream } from "./hop-stream.js";

/** No further DATA is handed to a socket that holds this many unsent bytes. */
const SOCKET_ROOM = 1_048_576;
/** Other frames are; a peer that asks for so many and takes none is given up. */
const MAX_UNSENT = 16 * SOCKET_ROOM;

/**
 * What one connection sends. Frames of one tick leave in one write. DATA keeps to the windows of connection and stream,
 * one frame a stream in turn; everything else leaves at once.
 */
export class Sender {
  readonly writer = new FrameWriter();
  readonly #streamEnded: (stream: HopStream) => void;
  readonly #failed: (error: unknown) => void;
  #socket: Duplex | null = null;
  #window = DEFAULT_WINDOW;
  #first: HopStream | null = null;
  #last: HopStream | null = null;
  #isScheduled = false;
  #dropTable = false;

  constructor(streamEnded: (stream: HopStream) => void, failed: (error: unknown) => void) {
    this.#streamEnded = streamEnded;
    this.#failed = failed;
  }

  attach(socket: Duplex): void {
    this.#socket = socket;
    socket.on("drain", this.schedule);
    this.schedule();
  }

  /** The next header block tells the peer that its table is empty from now on. */
  dropTable(): void {
    this.#dropTable = true;
  }

  headers(stream: HopStream, fields: readonly Field[], end: boolean): void {
    writeHeaders(this.writer, stream.id, fields, end, this.#dropTable);
    this.#dropTable = false;
    this.schedule();
  }

  /** The peer allows so many bytes more on the connection; throws `ConnectionFault` when that is too much. */
  widen(by: number): void {
    this.#window += by;
    if (this.#window > MAX_WINDOW) {
      throw new ConnectionFault(ErrorCode.flowControlError, "the window of the connection is over its limit");
    }
    this.schedule();
  }

  /** Something about the stream changed so that it may send more, or its end. */
  ready(stream: HopStream): void {
    if (stream.id === 0 || stream.localEnded || stream.closed) return;
    if (!stream.isEmpty()) this.#push(stream);
    else if (stream.endQueued) this.#writeEnd(stream);
    this.schedule();
  }

  /** Writes now what can be written. */
  flush(): void {
    const socket = this.#socket;
    if (socket === null || socket.destroyed || socket.writableEnded) return;
    this.#pump(SOCKET_ROOM - socket.writableLength);
    write(socket, this.writer.take());
    if (socket.writableLength > MAX_UNSENT) {
      this.#failed(new ConnectionFault(ErrorCode.enhanceYourCalm, "the peer asks for answers and does not read them"));
    } else if (this.#first !== null && this.#window > 0 && !socket.writableNeedDrain) {
      this.schedule();
    }
  }

  readonly schedule = (): void => {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    process.nextTick(this.#scheduled);
  };

  readonly #scheduled = (): void => {
    this.#isScheduled = false;
    try {
      this.flush();
    } catch (error) {
      this.#failed(error);
    }
  };

  #pump(room: number): void {
    while (this.#first !== null && this.#window > 0 && this.writer.length < room) {
      const stream = this.#first;
      this.#first = stream.next;
      if (this.#first === null) this.#last = null;
      stream.next = null;
      stream.isReady = false;
      this.#writeData(stream);
    }
  }

  #writeData(stream: HopStream): void {
    if (stream.closed || stream.isEmpty() || stream.sendWindow <= 0) return;
    const bytes = stream.take(Math.min(MAX_FRAME, this.#window, stream.sendWindow));
    this.#window -= bytes.length;
    stream.sendWindow -= bytes.length;
    stream.dataSent = true;
    const ends = stream.isEmpty() && stream.endQueued;
    const endsHere = ends && stream.trailers === null;
    this.writer.header(bytes.length, FrameType.data, endsHere ? Flag.endStream : 0, stream.id);
    this.writer.bytes(bytes);
    if (endsHere) this.#ended(stream);
    else if (ends) this.#writeEnd(stream);
    else if (!stream.isEmpty()) this.#push(stream);
  }

  #writeEnd(stream: HopStream): void {
    if (stream.trailers === null) this.writer.header(0, FrameType.data, Flag.endStream, stream.id);
    else this.headers(stream, stream.trailers, true);
    this.#ended(stream);
  }

  #ended(stream: HopStream): void {
    stream.localEnded = true;
    this.#streamEnded(stream);
  }

  #push(stream: HopStream): void {
    if (stream.isReady || stream.sendWindow <= 0) return;
    stream.isReady = true;
    if (this.#last === null) this.#first = stream;
    else this.#last.next = stream;
    this.#last = stream;
  }
}

function write(socket: Duplex, chunks: readonly Buffer[]): void {
  if (chunks.length === 0) return;
  socket.cork();
  for (const chunk of chunks) socket.write(chunk);
  socket.uncork();
}

import type { Duplex } from "node:stream";
import { Flag, FrameType, PREFACE } from "../../../../src/hosts/terraform/wire/frames.js";
import { HpackDecoder } from "../../../../src/hosts/terraform/wire/hpack-decoder.js";

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly payload: Buffer;
}

export function frame(type: number, flags: number, streamId: number, payload: Uint8Array = new Uint8Array(0)): Buffer {
  const header = Buffer.alloc(9);
  header.writeUIntBE(payload.length, 0, 3);
  header[3] = type;
  header[4] = flags;
  header.writeUInt32BE(streamId, 5);
  return Buffer.concat([header, payload]);
}

export function uint32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, at) => bytes.writeUInt32BE(value, 4 * at));
  return bytes;
}

export function settings(entries: readonly (readonly [id: number, value: number])[] = []): Buffer {
  const payload = entries.map(([id, value]) => Buffer.concat([Buffer.of(0, id), uint32(value)]));
  return frame(FrameType.settings, 0, 0, Buffer.concat(payload));
}

/** A header block of literals that are not indexed; strings under 127 bytes. */
export function block(fields: Readonly<Record<string, string>>): Buffer {
  return Buffer.concat(
    Object.entries(fields).flatMap(([name, value]) => [
      Buffer.of(0, name.length),
      Buffer.from(name, "latin1"),
      Buffer.of(value.length),
      Buffer.from(value, "latin1"),
    ]),
  );
}

export const REQUEST = {
  ":method": "POST",
  ":scheme": "http",
  ":path": "/tfplugin6.Provider/Plan",
  ":authority": "localhost",
  "content-type": "application/grpc",
  te: "trailers",
};
export const RESPONSE = { ":status": "200", "content-type": "application/grpc" };
export const TRAILERS = { "grpc-status": "0", "grpc-message": "" };

export function headers(streamId: number, fields: Readonly<Record<string, string>>, end = false): Buffer {
  return frame(FrameType.headers, Flag.endHeaders | (end ? Flag.endStream : 0), streamId, block(fields));
}

export function data(streamId: number, payload: Uint8Array, end = false): Buffer {
  return frame(FrameType.data, end ? Flag.endStream : 0, streamId, payload);
}

export function reset(streamId: number, code: number): Buffer {
  return frame(FrameType.rstStream, 0, streamId, uint32(code));
}

export function widen(streamId: number, by: number): Buffer {
  return frame(FrameType.windowUpdate, 0, streamId, uint32(by));
}

/** A gRPC message with its prefix. */
export function prefixed(message: Uint8Array, flag = 0): Buffer {
  return Buffer.concat([Buffer.of(flag), uint32(message.length), message]);
}

/** The whole answer of a provider to one unary call. */
export function answer(streamId: number, message: Uint8Array): Buffer {
  return Buffer.concat([
    headers(streamId, RESPONSE),
    data(streamId, prefixed(message)),
    headers(streamId, TRAILERS, true),
  ]);
}

/** Whole frames, and the bytes after them. */
export function splitFrames(bytes: Buffer): { readonly frames: Frame[]; readonly rest: Buffer } {
  const frames: Frame[] = [];
  let at = 0;
  while (bytes.length - at >= 9) {
    const end = at + 9 + bytes.readUIntBE(at, 3);
    if (end > bytes.length) break;
    frames.push({
      type: bytes.readUInt8(at + 3),
      flags: bytes.readUInt8(at + 4),
      streamId: bytes.readUInt32BE(at + 5),
      payload: Buffer.from(bytes.subarray(at + 9, end)),
    });
    at = end;
  }
  return { frames, rest: bytes.subarray(at) };
}

/** One end of a connection that sends exactly what it is told to and keeps every frame it gets. */
export class RawPeer {
  readonly received: Frame[] = [];
  /** Resolves when the other side has ended the connection. */
  readonly ended: Promise<void>;
  readonly socket: Duplex;
  readonly #decoder = new HpackDecoder();
  #bytes: Buffer = Buffer.alloc(0);
  #skip: number;
  #wake: (() => void)[] = [];

  /** @param role what this end is; a server gets the client's preface first */
  constructor(socket: Duplex, role: "client" | "server") {
    this.socket = socket;
    this.#skip = role === "server" ? PREFACE.length : 0;
    this.ended = new Promise((resolve) => {
      socket.once("close", () => {
        resolve();
      });
    });
    socket.on("data", (chunk: Buffer) => {
      this.#push(chunk);
    });
    socket.on("close", () => {
      this.#wakeAll();
    });
  }

  send(...frames: readonly Uint8Array[]): void {
    this.socket.write(Buffer.concat(frames));
  }

  /** Preface and settings of a client. */
  greet(entries: readonly (readonly [id: number, value: number])[] = []): void {
    this.send(PREFACE, settings(entries));
  }

  /** Resolves with the first frame, received already or yet to come, that fits; rejects when the connection ends first. */
  async frame(fits: (frame: Frame) => boolean): Promise<Frame> {
    for (;;) {
      const found = this.received.find(fits);
      if (found !== undefined) return found;
      if (this.socket.destroyed) throw new Error("the connection ended before the frame came");
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  /** The first frame of a type on a stream. */
  of(type: number, streamId: number): Promise<Frame> {
    return this.frame((frame) => frame.type === type && frame.streamId === streamId);
  }

  /** Resolves when the other side has handled everything that was sent before. */
  async settled(): Promise<void> {
    const mark = Buffer.alloc(8);
    mark.writeUInt32BE(++this.#marks);
    this.send(frame(FrameType.ping, 0, 0, mark));
    await this.frame(
      ({ type, flags, payload }) => type === FrameType.ping && flags === Flag.ack && payload.equals(mark),
    );
  }
  #marks = 0;

  /** Resolves when so many bytes of DATA came on a stream; gives all that came on it. */
  async bytes(streamId: number, length: number): Promise<Buffer> {
    const all = (): Buffer => Buffer.concat(this.#data(streamId).map(({ payload }) => payload));
    await this.frame(() => this.#data(streamId).reduce((sum, { payload }) => sum + payload.length, 0) >= length);
    return all();
  }

  /** Resolves when the other side has ended the stream. */
  async end(streamId: number): Promise<void> {
    await this.frame(({ type, flags, streamId: id }) => {
      return (
        id === streamId && (type === FrameType.data || type === FrameType.headers) && (flags & Flag.endStream) !== 0
      );
    });
  }

  /** Fields of a HEADERS frame. Every frame may be decoded alone, since the other side keeps no state. */
  fields(of: Frame): Record<string, string> {
    const decoded = this.#decoder.decode(of.payload) ?? [];
    return Object.fromEntries(decoded.map(({ name, value }) => [name, value]));
  }

  #data(streamId: number): Frame[] {
    return this.received.filter((frame) => frame.type === FrameType.data && frame.streamId === streamId);
  }

  #push(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    const skipped = Math.min(this.#skip, this.#bytes.length);
    this.#skip -= skipped;
    this.#bytes = this.#bytes.subarray(skipped);
    const { frames, rest } = splitFrames(this.#bytes);
    this.received.push(...frames);
    this.#bytes = rest;
    this.#wakeAll();
  }

  #wakeAll(): void {
    const wake = this.#wake;
    this.#wake = [];
    for (const resolve of wake) resolve();
  }
}

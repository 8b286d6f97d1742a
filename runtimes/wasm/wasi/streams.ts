import { formatSize } from "../../../src/base/size-text.js";
import { LineDecoder } from "../../../src/protocol/line-decoder.js";
import type { Limits } from "../../../src/protocol/limits.js";
import { ProtocolError } from "../../../src/protocol/protocol-error.js";
import type { GuestIo } from "../../guest.js";
import { GuestError } from "../../guest-error.js";
import { LogLines } from "../../log-lines.js";

/** A write is split by so much, so that a memory full of line feeds never stands as that many strings at once. */
const SLICE_BYTES = 64 * 1024;
/** Not fatal: a log line with broken UTF-8 is still worth reading. */
const lossyText = new TextDecoder("utf-8", { ignoreBOM: true });

/** Where a guest reads from. */
export interface InputStream {
  /** Fills the targets in order and says how many bytes; 0 is the end. May block the thread. */
  read(targets: readonly Uint8Array[]): number;
}

/** Where a guest writes to. */
export interface OutputStream {
  write(chunk: Uint8Array): void;
}

/** The three open files of a guest: 0, 1 and 2. */
export interface StandardStreams {
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Hands unfinished log lines over; at the guest's end. */
  readonly flush: () => void;
}

/** The host's lines as a stream of bytes: blocks for the next line, gives its LF, and stays at its end. */
export class LineInput implements InputStream {
  readonly #io: GuestIo;
  #pending: Uint8Array = new Uint8Array(0);
  #ended = false;

  constructor(io: GuestIo) {
    this.#io = io;
  }

  /** The host is done, and the guest was told. */
  get ended(): boolean {
    return this.#ended;
  }

  read(targets: readonly Uint8Array[]): number {
    if (targets.every((target) => target.length === 0)) return 0;
    if (this.#pending.length === 0) this.#next();
    let read = 0;
    for (const target of targets) {
      const part = this.#pending.subarray(0, target.length);
      target.set(part);
      this.#pending = this.#pending.subarray(part.length);
      read += part.length;
    }
    return read;
  }

  #next(): void {
    if (this.#ended) return;
    const line = this.#io.read();
    if (line === null) this.#ended = true;
    else this.#pending = Buffer.from(`${line}\n`);
  }
}

/** Stdio of a program: requests on stdin, answers on stdout, log lines on stderr. */
export function programStreams(io: GuestIo, stdin: InputStream, limits: Limits): StandardStreams {
  const lines = new LineDecoder(limits.messageBytes);
  const log = logStream(io, limits);
  const stdout: OutputStream = {
    write(chunk) {
      for (let at = 0; at < chunk.length; at += SLICE_BYTES) {
        const slice = chunk.subarray(at, at + SLICE_BYTES);
        for (const line of decodeLines(lines, slice, limits.messageBytes)) io.write(line);
      }
    },
  };
  return { stdin, stdout, stderr: log, flush: log.flush };
}

/** Stdio of a plug-in, which gets its requests by calls: stdin is empty, and both outputs are log lines. */
export function plugInStreams(io: GuestIo, limits: Limits): StandardStreams {
  const log = logStream(io, limits);
  return { stdin: { read: () => 0 }, stdout: log, stderr: log, flush: log.flush };
}

/** Its lines are log lines of level `info`; empty ones are left out. */
function logStream(io: GuestIo, limits: Limits): OutputStream & { readonly flush: () => void } {
  const lines = new LogLines(limits.logLineBytes, (line) => {
    if (line.length > 0) io.log({ level: "info", message: lossyText.decode(line) });
  });
  return {
    write: (chunk) => {
      lines.push(chunk);
    },
    flush: () => {
      lines.flush();
    },
  };
}

/** Throws `GuestError`: GUEST_MESSAGE_TOO_LARGE, or GUEST_CRASHED for bytes that are no text. */
function decodeLines(lines: LineDecoder, chunk: Uint8Array, maxBytes: number): string[] {
  try {
    return lines.push(chunk);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const context = { cause: error };
    if (error.code === "PROTOCOL_MESSAGE_TOO_LARGE") {
      throw new GuestError(
        "GUEST_MESSAGE_TOO_LARGE",
        `it wrote a line of more than ${formatSize(maxBytes)}`,
        true,
        context,
      );
    }
    throw new GuestError("GUEST_CRASHED", "it wrote bytes to stdout that are not UTF-8", true, context);
  }
}

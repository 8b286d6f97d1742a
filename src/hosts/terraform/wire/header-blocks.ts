import { ConnectionFault, ErrorCode, Flag, MAX_FRAME } from "./frames.js";
import { HpackDecoder, MAX_HEADER_LIST } from "./hpack-decoder.js";
import type { Field } from "./hpack-table.js";

/** A list at its limit fits in a few more frames than this needs, however it is coded; empty fragments count as well. */
const MAX_FRAGMENTS = 2 * (MAX_HEADER_LIST / MAX_FRAME);
const PRIORITY_FIELDS = 5;

export interface HeaderBlock {
  readonly streamId: number;
  readonly endStream: boolean;
  /** Null when they are over `MAX_HEADER_LIST`. */
  readonly fields: Field[] | null;
}

/** Puts HEADERS and CONTINUATION frames of one connection together and decodes them. */
export class HeaderBlocks {
  readonly #decoder = new HpackDecoder();
  #fragments: Buffer[] = [];
  #streamId = 0;
  #endStream = false;

  /** Whether a block has begun and not ended: nothing but its CONTINUATION may come now. */
  get isOpen(): boolean {
    return this.#fragments.length > 0;
  }

  /** The block, if it ends with this frame. Both methods throw `ConnectionFault` on a block that is not valid. */
  headers(flags: number, streamId: number, payload: Buffer): HeaderBlock | null {
    const fragment = unpad(flags, payload);
    const from = (flags & Flag.priority) === 0 ? 0 : PRIORITY_FIELDS;
    if (fragment.length < from) throw new ConnectionFault(ErrorCode.frameSizeError, "HEADERS without its priority");
    this.#streamId = streamId;
    this.#endStream = (flags & Flag.endStream) !== 0;
    return this.#take(flags, from === 0 ? fragment : fragment.subarray(from));
  }

  continuation(flags: number, streamId: number, payload: Buffer): HeaderBlock | null {
    if (!this.isOpen || streamId !== this.#streamId) {
      throw new ConnectionFault(ErrorCode.protocolError, "CONTINUATION without its HEADERS");
    }
    return this.#take(flags, payload);
  }

  #take(flags: number, fragment: Buffer): HeaderBlock | null {
    this.#fragments.push(fragment);
    if ((flags & Flag.endHeaders) === 0) {
      if (this.#fragments.length < MAX_FRAGMENTS) return null;
      throw new ConnectionFault(ErrorCode.enhanceYourCalm, "a header block of too many frames");
    }
    const block = this.#fragments.length === 1 ? fragment : Buffer.concat(this.#fragments);
    this.#fragments = [];
    return { streamId: this.#streamId, endStream: this.#endStream, fields: this.#decoder.decode(block) };
  }
}

/** The payload of a HEADERS or DATA frame without its padding. */
export function unpad(flags: number, payload: Buffer): Buffer {
  if ((flags & Flag.padded) === 0) return payload;
  const padding = payload[0];
  if (padding === undefined) throw new ConnectionFault(ErrorCode.frameSizeError, "a padded frame without its length");
  if (padding >= payload.length) throw new ConnectionFault(ErrorCode.protocolError, "padding longer than its frame");
  return payload.subarray(1, payload.length - padding);
}

import { Flag, FrameType, MAX_FRAME } from "./frames.js";
import type { FrameWriter } from "./frame-writer.js";
import { STATIC_TABLE, type Field } from "./hpack-table.js";

/** Sets the peer's table to nothing. */
const TABLE_SIZE_ZERO = 0x20;
const NEVER_INDEXED = 0x10;
/** An integer of up to 35 bits takes its prefix and five more bytes at most. */
const MAX_INTEGER_BYTES = 6;

const NAMES = new Map<string, number>();
const PAIRS = new Map<string, number>();
STATIC_TABLE.forEach(({ name, value }, at) => {
  if (!NAMES.has(name)) NAMES.set(name, at + 1);
  PAIRS.set(`${name}\0${value}`, at + 1);
});

/**
 * Writes a header block as HEADERS and, over 16 KiB, CONTINUATION frames. No block depends on another one: only the
 * static table is used and nothing is added to the dynamic one. `dropTable` first sets the peer's table to nothing, as
 * it must be after the peer lowered its size (RFC 7541, section 4.2).
 */
export function writeHeaders(
  to: FrameWriter,
  streamId: number,
  fields: readonly Field[],
  endStream: boolean,
  dropTable: boolean,
): void {
  const end = endStream ? Flag.endStream : 0;
  let length = dropTable ? 1 : 0;
  for (const field of fields) length += (field.encoded ??= encodeField(field)).length;
  if (length > MAX_FRAME) {
    writeLong(to, streamId, encodeBlock(fields, dropTable), end);
    return;
  }
  to.header(length, FrameType.headers, end | Flag.endHeaders, streamId);
  if (dropTable) to.byte(TABLE_SIZE_ZERO);
  for (const field of fields) to.bytes(field.encoded ?? encodeField(field));
}

function writeLong(to: FrameWriter, streamId: number, block: Buffer, endStream: number): void {
  for (let at = 0; at < block.length; at += MAX_FRAME) {
    const part = block.subarray(at, at + MAX_FRAME);
    const endHeaders = at + MAX_FRAME >= block.length ? Flag.endHeaders : 0;
    if (at === 0) to.header(part.length, FrameType.headers, endStream | endHeaders, streamId);
    else to.header(part.length, FrameType.continuation, endHeaders, streamId);
    to.bytes(part);
  }
}

function encodeBlock(fields: readonly Field[], dropTable: boolean): Buffer {
  const parts = fields.map((field) => field.encoded ?? encodeField(field));
  if (dropTable) parts.unshift(Buffer.of(TABLE_SIZE_ZERO));
  return Buffer.concat(parts);
}

/** One field without any state. Strings are not Huffman coded: the hops are local, time counts more than bytes. */
export function encodeField({ name, value, neverIndexed }: Field): Buffer {
  const pair = neverIndexed ? undefined : PAIRS.get(`${name}\0${value}`);
  // All indices of the static table fit into the seven bits.
  if (pair !== undefined) return Buffer.of(0x80 | pair);
  const out = Buffer.allocUnsafe(1 + 3 * MAX_INTEGER_BYTES + name.length + value.length);
  const named = NAMES.get(name);
  let at = putInteger(out, 0, neverIndexed ? NEVER_INDEXED : 0, 0x0f, named ?? 0);
  if (named === undefined) at = putString(out, at, name);
  return out.subarray(0, putString(out, at, value));
}

function putString(out: Buffer, at: number, text: string): number {
  at = putInteger(out, at, 0, 0x7f, text.length);
  return at + out.write(text, at, "latin1");
}

function putInteger(out: Buffer, at: number, pattern: number, mask: number, value: number): number {
  if (value < mask) {
    out[at] = pattern | value;
    return at + 1;
  }
  out[at++] = pattern | mask;
  for (value -= mask; value >= 0x80; value >>>= 7) out[at++] = 0x80 | (value & 0x7f);
  out[at] = value;
  return at + 1;
}

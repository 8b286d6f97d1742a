/** Values of one frame: those that a writer gathers, and the lines of one answer. */
const MAX_ITEMS = 65_536;

/** Bytes of the values of fixed size: nil, booleans, numbers, and the heads of long arrays. */
const FIXED_BYTES: ReadonlyMap<number, number> = new Map([
  [0xc0, 1],
  [0xc2, 1],
  [0xc3, 1],
  [0xca, 5],
  [0xcb, 9],
  [0xcc, 2],
  [0xcd, 3],
  [0xce, 5],
  [0xcf, 9],
  [0xd0, 2],
  [0xd1, 3],
  [0xd2, 5],
  [0xd3, 9],
  [0xdc, 3],
  [0xdd, 5],
]);

/**
 * Whether msgpack bytes hold nothing but arrays, strings, numbers, booleans and nil, and no more of them than a frame
 * of ours. Looked at before a frame of the sandbox host is unpacked: msgpackr knows extension types (records, regular
 * expressions, sets) whatever its options say, and an empty array of one byte takes 16 of heap.
 */
export function isPlainFrame(body: Buffer): boolean {
  let items = 0;
  let at = 0;
  while (at < body.length) {
    const size = plainSize(body, at);
    if (size === null || ++items > MAX_ITEMS) return false;
    at += size;
  }
  return at === body.length;
}

/** Bytes of the value at this place, of an array only those of its head; null for what is not plain or cut short. */
function plainSize(body: Buffer, at: number): number | null {
  const token = body.readUInt8(at);
  if (token <= 0x7f || token >= 0xe0 || (token >= 0x90 && token <= 0x9f)) return 1;
  if (token >= 0xa0 && token <= 0xbf) return 1 + (token & 0x1f);
  const left = body.length - at - 1;
  if (token === 0xd9 && left >= 1) return 2 + body.readUInt8(at + 1);
  if (token === 0xda && left >= 2) return 3 + body.readUInt16BE(at + 1);
  if (token === 0xdb && left >= 4) return 5 + body.readUInt32BE(at + 1);
  return FIXED_BYTES.get(token) ?? null;
}

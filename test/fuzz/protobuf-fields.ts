/** One field of a message: number, wire type, and its bytes without tag and length. */
export type RawField = readonly [number: number, wire: number, data: string];

/**
 * The fields of a protobuf message in order, by the encoding's definition alone
 * (https://protobuf.dev/programming-guides/encoding/): independent of the code under test and of its library. null for
 * what is no message. Groups are null, too: no message of the protocol has any.
 */
export function fieldsOf(bytes: Uint8Array): RawField[] | null {
  const fields: RawField[] = [];
  let at = 0;
  const varint = (): bigint | null => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) return null;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return null;
  };
  while (at < bytes.length) {
    const tag = varint();
    if (tag === null || tag >> 3n === 0n || tag > 0xffff_ffffn) return null;
    const wire = Number(tag & 7n);
    const start = at;
    let from = start;
    if (wire === 0) {
      if (varint() === null) return null;
    } else if (wire === 2) {
      const length = varint();
      if (length === null || length > BigInt(bytes.length - at)) return null;
      from = at;
      at += Number(length);
    } else if (wire === 1 || wire === 5) at += wire === 1 ? 8 : 4;
    else return null;
    if (at > bytes.length) return null;
    fields.push([Number(tag >> 3n), wire, Buffer.from(bytes.subarray(from, at)).toString("hex")]);
  }
  return fields;
}

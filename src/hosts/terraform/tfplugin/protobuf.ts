import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { checkMessageSize } from "./limits.js";
import { TfpluginError } from "./tfplugin-error.js";

/** One field as it stands in a message. */
interface Field {
  readonly number: number;
  readonly wire: WireType;
  /** Where its tag begins and where it ends. */
  readonly start: number;
  readonly end: number;
  /** Without tag and length. A view, not a copy. */
  readonly data: Uint8Array;
}

const EMPTY = new Uint8Array(0);
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function malformed(cause?: unknown): TfpluginError {
  return new TfpluginError("TFPLUGIN_MESSAGE", "a message between core and provider is not protobuf of its kind", {
    cause,
  });
}

function readFields(bytes: Uint8Array): Field[] {
  checkMessageSize(bytes);
  const fields: Field[] = [];
  const reader = new BinaryReader(bytes);
  try {
    while (reader.pos < reader.len) {
      const start = reader.pos;
      const [number, wire] = reader.tag();
      const data = wire === WireType.LengthDelimited ? reader.bytes() : reader.skip(wire, number);
      fields.push({ number, wire, start, end: reader.pos, data });
    }
  } catch (cause) {
    throw malformed(cause);
  }
  return fields;
}

/**
 * A protobuf message by field numbers, as the protocol's definition reads it: of a scalar the last one counts, of a
 * message all parts are merged, a field of another wire type is as if absent. What is handed out are views of the
 * message, never copies (but where a message came in parts): whoever holds them must not change it.
 */
export class Message {
  readonly #fields: readonly Field[];

  /** Throws `TfpluginError` TFPLUGIN_MESSAGE or TFPLUGIN_TOO_LARGE. */
  constructor(readonly source: Uint8Array) {
    this.#fields = readFields(source);
  }

  /** Every occurrence of a field of bytes, text or messages, in order. */
  repeated(number: number): Uint8Array[] {
    return this.#of(number, WireType.LengthDelimited).map((field) => field.data);
  }

  /** Bytes; empty when the field is absent, as proto3 has it. */
  bytes(number: number): Uint8Array {
    return this.#last(number, WireType.LengthDelimited)?.data ?? EMPTY;
  }

  /** Text; "" when absent. Throws TFPLUGIN_MESSAGE when it is not UTF-8, as Go's protobuf does. */
  text(number: number): string {
    const data = this.bytes(number);
    try {
      return UTF8.decode(data);
    } catch (cause) {
      throw malformed(cause);
    }
  }

  /** An embedded message; null when absent. */
  message(number: number): Uint8Array | null {
    const parts = this.repeated(number);
    // The concatenation of two messages is their merge.
    return parts.length > 1 ? Buffer.concat(parts) : (parts[0] ?? null);
  }

  /** An enum or a boolean as a number; 0 when absent. */
  number(number: number): number {
    return Number(this.integer(number));
  }

  /** An int64; 0 when absent. */
  integer(number: number): bigint {
    const field = this.#last(number, WireType.Varint);
    if (field === undefined) return 0n;
    try {
      return BigInt(new BinaryReader(field.data).int64());
    } catch (cause) {
      throw malformed(cause);
    }
  }

  /** A boolean; false when absent. */
  flag(number: number): boolean {
    return this.integer(number) !== 0n;
  }

  /** Whether any field of this number stands in the message. */
  has(number: number): boolean {
    return this.#fields.some((field) => field.number === number);
  }

  /** The number of the last field among those given; null when there is none: which arm of a `oneof` counts. */
  lastOf(numbers: readonly number[]): number | null {
    return this.#fields.findLast((field) => numbers.includes(field.number))?.number ?? null;
  }

  /** The message without a field: all else byte for byte. */
  without(number: number): Uint8Array {
    const kept: Uint8Array[] = [];
    let from = 0;
    for (const field of this.#of(number)) {
      kept.push(this.source.subarray(from, field.start));
      from = field.end;
    }
    return from === 0 ? this.source : Buffer.concat([...kept, this.source.subarray(from)]);
  }

  #of(number: number, wire?: WireType): Field[] {
    return this.#fields.filter((field) => field.number === number && (wire === undefined || field.wire === wire));
  }

  #last(number: number, wire: WireType): Field | undefined {
    return this.#fields.findLast((field) => field.number === number && field.wire === wire);
  }
}

/** A field of bytes, text or a message, ready to be appended to a message. */
export function lengthField(number: number, data: Uint8Array | string): Uint8Array {
  const writer = new BinaryWriter().tag(number, WireType.LengthDelimited);
  return (typeof data === "string" ? writer.string(data) : writer.bytes(data)).finish();
}

/** A field that is an enum, a boolean or an integer, ready to be appended to a message. */
export function integerField(number: number, value: number): Uint8Array {
  return new BinaryWriter().tag(number, WireType.Varint).int64(value).finish();
}

/** Messages or fields one behind the other: protobuf's merge. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
}

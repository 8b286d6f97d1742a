import { ConnectionFault, ErrorCode } from "./frames.js";
import { DEFAULT_TABLE_SIZE, DynamicTable, field, fieldSize, STATIC_TABLE, type Field } from "./hpack-table.js";
import { huffmanDecode } from "./huffman.js";

/**
 * Largest list of header fields in bytes, overhead of 32 a field included. gRPC sends the text of an error as a trailer,
 * and grpc-go takes up to 16 MiB of it, so this is far above what requests need.
 */
export const MAX_HEADER_LIST = 1_048_576;

/** Integers of more bits than this name nothing that could exist here. */
const MAX_INTEGER_SHIFT = 21;

/** Decodes the header blocks of one connection, in order: RFC 7541. */
export class HpackDecoder {
  readonly #table = new DynamicTable();
  #block: Buffer = Buffer.alloc(0);
  #at = 0;

  /**
   * The fields of one whole block; null when they are over `MAX_HEADER_LIST` (the connection may go on).
   * Throws `ConnectionFault` (COMPRESSION_ERROR) on a block that is not valid; the connection cannot go on then.
   */
  decode(block: Buffer): Field[] | null {
    this.#block = block;
    this.#at = 0;
    let fields: Field[] | null = [];
    let size = 0;
    let updatesAllowed = true;
    while (this.#at < block.length) {
      const first = this.#byte();
      if ((first & 0xe0) === 0x20) {
        if (!updatesAllowed) throw fault("changes the table's size after a field");
        this.#resize(this.#integer(first, 0x1f));
        continue;
      }
      updatesAllowed = false;
      const decoded = this.#field(first);
      size += fieldSize(decoded);
      if (size > MAX_HEADER_LIST) fields = null;
      fields?.push(decoded);
    }
    return fields;
  }

  #field(first: number): Field {
    if ((first & 0x80) !== 0) return this.#indexed(this.#integer(first, 0x7f));
    if ((first & 0x40) !== 0) {
      const added = this.#literal(this.#integer(first, 0x3f), false);
      this.#table.add(added);
      return added;
    }
    return this.#literal(this.#integer(first, 0x0f), (first & 0x10) !== 0);
  }

  #literal(nameIndex: number, neverIndexed: boolean): Field {
    const name = nameIndex === 0 ? this.#string() : this.#indexed(nameIndex).name;
    return field(name, this.#string(), neverIndexed);
  }

  #indexed(index: number): Field {
    const found =
      index <= STATIC_TABLE.length ? STATIC_TABLE[index - 1] : this.#table.at(index - STATIC_TABLE.length - 1);
    if (found === undefined) throw fault(`names field ${index}, which no table holds`);
    return found;
  }

  #resize(size: number): void {
    if (size > DEFAULT_TABLE_SIZE) throw fault(`sets the table to ${size} bytes, over what was allowed`);
    this.#table.resize(size);
  }

  #byte(): number {
    const byte = this.#block[this.#at++];
    if (byte === undefined) throw fault("ends in the middle of a field");
    return byte;
  }

  /** An integer whose first bits, under `mask`, have been read (RFC 7541, section 5.1). */
  #integer(first: number, mask: number): number {
    let value = first & mask;
    if (value < mask) return value;
    for (let shift = 0; shift <= MAX_INTEGER_SHIFT; shift += 7) {
      const byte = this.#byte();
      value += (byte & 0x7f) << shift;
      if ((byte & 0x80) === 0) return value;
    }
    throw fault("holds an integer of more than 28 bits");
  }

  #string(): string {
    const first = this.#byte();
    const length = this.#integer(first, 0x7f);
    const from = this.#at;
    const to = from + length;
    if (to > this.#block.length) throw fault("ends in the middle of a string");
    this.#at = to;
    return (first & 0x80) === 0 ? this.#block.toString("latin1", from, to) : huffmanDecode(this.#block, from, to);
  }
}

function fault(what: string): ConnectionFault {
  return new ConnectionFault(ErrorCode.compressionError, `a header block ${what}`);
}

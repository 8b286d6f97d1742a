/** All of a ustar archive is made of blocks of this size. */
export const BLOCK = 512;

const NAME_BYTES = 100;
const PREFIX_BYTES = 155;
const CHECKSUM = { at: 148, length: 8 } as const;

/**
 * The two parts that a path has in a header; null when it does not fit. There is one way to part it: behind the first
 * slash that leaves no more than the name can hold.
 */
export function splitPath(path: string): { readonly prefix: Buffer; readonly name: Buffer } | null {
  const bytes = Buffer.from(path);
  if (bytes.length <= NAME_BYTES) return { prefix: Buffer.alloc(0), name: bytes };
  const slash = bytes.indexOf("/", bytes.length - NAME_BYTES - 1);
  if (slash < 1 || slash > PREFIX_BYTES || slash === bytes.length - 1) return null;
  return { prefix: bytes.subarray(0, slash), name: bytes.subarray(slash + 1) };
}

/** The sum of a header's bytes, those of the checksum itself taken for spaces. */
export function checksumOf(header: Uint8Array): number {
  let sum = CHECKSUM.length * 0x20;
  header.forEach((byte, at) => {
    if (at < CHECKSUM.at || at >= CHECKSUM.at + CHECKSUM.length) sum += byte;
  });
  return sum;
}

/**
 * The one header that a regular file has here: owner, group and time are 0, nothing has a name. The path must be one that
 * `splitPath` can part. Form: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_06.
 */
export function fileHeader(path: string, mode: number, size: number): Buffer {
  const parts = splitPath(path);
  if (parts === null) throw new RangeError("a path that does not fit into a header");
  const header = Buffer.alloc(BLOCK);
  parts.name.copy(header, 0);
  header.write(octal(mode, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(size, 12), 124);
  header.write(octal(0, 12), 136);
  header.write("0", 156);
  header.write("ustar\u000000", 257);
  parts.prefix.copy(header, 345);
  header.write(`${checksumOf(header).toString(8).padStart(6, "0")}\u0000 `, CHECKSUM.at);
  return header;
}

function octal(value: number, length: number): string {
  return `${value.toString(8).padStart(length - 1, "0")}\u0000`;
}

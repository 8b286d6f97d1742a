import { crc32, inflateRawSync } from "node:zlib";
import { gzipSync } from "fflate";
import * as v from "valibot";
import { errorCode } from "../../base/error-code.js";
import { formatSize } from "../../base/size-text.js";
import { archiveError } from "./archive-error.js";
import { ARCHIVE_LIMITS, mayGrowTo } from "./limits.js";

const LEVEL = 6;
/** What stands before the compressed bytes: deflate, no name, no time, no extra fields. */
const HEAD = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3);
/** CRC-32 and size of what was compressed. */
const TAIL_BYTES = 8;

/** What zlib gives for `info: true`; its types know only the bytes. */
const InflatedSchema = v.object({
  buffer: v.instance(Buffer),
  /** `bytesWritten`: how many bytes were taken in. */
  engine: v.looseObject({ bytesWritten: v.number() }),
});

/** Compressed by code in JavaScript, so that every machine and every version of Node gives the same bytes. */
export function compress(tar: Uint8Array): Uint8Array {
  const bytes = gzipSync(tar, { level: LEVEL, mtime: 0 });
  checkArchiveSize(bytes.length);
  return bytes;
}

/**
 * What a gzip file of exactly one member holds, no larger than its size and the limits allow. Throws `PackageError`
 * PACKAGE_ARCHIVE_MALFORMED, _TOO_LARGE, _RATIO, _TRAILING, _NOT_CANONICAL.
 */
export function decompress(bytes: Uint8Array): Buffer {
  checkArchiveSize(bytes.length);
  if (bytes.length < HEAD.length + TAIL_BYTES || bytes[0] !== HEAD[0] || bytes[1] !== HEAD[1]) {
    throw archiveError("PACKAGE_ARCHIVE_MALFORMED", "it is no gzip file");
  }
  if (!HEAD.every((byte, at) => bytes[at] === byte)) {
    throw archiveError("PACKAGE_ARCHIVE_NOT_CANONICAL", "its gzip header holds a time, a name or another extra");
  }
  const { buffer, engine } = inflate(bytes.subarray(HEAD.length, -TAIL_BYTES), bytes.length);
  const end = HEAD.length + engine.bytesWritten;
  if (end + TAIL_BYTES !== bytes.length) {
    throw archiveError("PACKAGE_ARCHIVE_TRAILING", "there is something behind the end of the gzip file");
  }
  const tail = Buffer.from(bytes.buffer, bytes.byteOffset + end, TAIL_BYTES);
  if (tail.readUInt32LE(0) !== crc32(buffer) || tail.readUInt32LE(4) !== buffer.length) {
    throw archiveError("PACKAGE_ARCHIVE_MALFORMED", "its checksum does not fit");
  }
  return buffer;
}

function inflate(compressed: Uint8Array, archiveBytes: number): v.InferOutput<typeof InflatedSchema> {
  const maxOutputLength = mayGrowTo(archiveBytes);
  try {
    const inflated: unknown = inflateRawSync(compressed, { info: true, maxOutputLength });
    return v.parse(InflatedSchema, inflated);
  } catch (error) {
    if (errorCode(error) !== "ERR_BUFFER_TOO_LARGE") {
      throw archiveError("PACKAGE_ARCHIVE_MALFORMED", "it is no gzip file, or cut off", error);
    }
    if (maxOutputLength === ARCHIVE_LIMITS.unpackedBytes) {
      const limit = formatSize(maxOutputLength);
      throw archiveError("PACKAGE_ARCHIVE_TOO_LARGE", `it grows to more than ${limit}`, error);
    }
    const times = ARCHIVE_LIMITS.ratio;
    throw archiveError("PACKAGE_ARCHIVE_RATIO", `it grows to more than ${times} times its size`, error);
  }
}

function checkArchiveSize(size: number): void {
  if (size <= ARCHIVE_LIMITS.archiveBytes) return;
  const limit = formatSize(ARCHIVE_LIMITS.archiveBytes);
  throw archiveError("PACKAGE_ARCHIVE_TOO_LARGE", `the archive has ${size} bytes, ${limit} are allowed`);
}

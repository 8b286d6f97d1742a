const KIB = 1024;
const MIB = 1024 * KIB;

/** What an archive may hold. Each is checked on packing, on reading and on unpacking, before it is paid for. */
export const ARCHIVE_LIMITS = {
  /** The archive itself, in bytes. */
  archiveBytes: 128 * MIB,
  /** All that it grows to, headers and padding included, in bytes. */
  unpackedBytes: 512 * MIB,
  /** One file, in bytes. */
  fileBytes: 256 * MIB,
  files: 5_000,
  /** One path, in bytes of UTF-8; no more fit into a header. */
  pathBytes: 255,
  /** Steps of one path. */
  pathSteps: 32,
  /** How many times its own size an archive may grow to, once it is over `ratioFromBytes`. */
  ratio: 200,
  ratioFromBytes: MIB,
} as const;

/** The most bytes that an archive of this size may grow to. */
export function mayGrowTo(archiveBytes: number): number {
  const { unpackedBytes, ratio, ratioFromBytes } = ARCHIVE_LIMITS;
  return Math.min(unpackedBytes, Math.max(ratioFromBytes, archiveBytes * ratio));
}

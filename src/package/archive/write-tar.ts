import { formatSize } from "../../base/size-text.js";
import { archiveError } from "./archive-error.js";
import { ARCHIVE_LIMITS } from "./limits.js";
import { checkPaths, comparePaths } from "./paths.js";
import { BLOCK, fileHeader } from "./tar-header.js";
import type { ArchiveFile } from "./types.js";

/** What a file of this size takes in an archive. */
export function blocksOf(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}

/** Throws `PackageError` PACKAGE_ARCHIVE_TOO_LARGE for one file that is over its limit. */
export function checkFileSize(path: string, size: number): void {
  if (size <= ARCHIVE_LIMITS.fileBytes) return;
  const limit = formatSize(ARCHIVE_LIMITS.fileBytes);
  throw archiveError("PACKAGE_ARCHIVE_TOO_LARGE", `${path} has ${size} bytes, ${limit} are allowed`);
}

/** Throws `PackageError` PACKAGE_ARCHIVE_TOO_MANY_FILES. */
export function checkCount(count: number): void {
  if (count <= ARCHIVE_LIMITS.files) return;
  throw archiveError("PACKAGE_ARCHIVE_TOO_MANY_FILES", `there are more than ${ARCHIVE_LIMITS.files} files`);
}

/**
 * The bytes of a ustar archive, files in the order of their paths. Throws `PackageError` PACKAGE_ARCHIVE_PATH, _COLLISION,
 * _TOO_MANY_FILES and _TOO_LARGE.
 */
export function writeTar(files: readonly ArchiveFile[]): Uint8Array {
  checkCount(files.length);
  checkPaths(files.map(({ path }) => path));
  let total = 2 * BLOCK;
  for (const { path, bytes } of files) {
    checkFileSize(path, bytes.length);
    total += BLOCK + blocksOf(bytes.length);
  }
  if (total > ARCHIVE_LIMITS.unpackedBytes) {
    const limit = formatSize(ARCHIVE_LIMITS.unpackedBytes);
    throw archiveError("PACKAGE_ARCHIVE_TOO_LARGE", `all files together have ${total} bytes, ${limit} are allowed`);
  }
  const tar = new Uint8Array(total);
  let at = 0;
  for (const { path, mode, bytes } of [...files].sort((a, b) => comparePaths(a.path, b.path))) {
    tar.set(fileHeader(path, mode, bytes.length), at);
    tar.set(bytes, at + BLOCK);
    at += BLOCK + blocksOf(bytes.length);
  }
  return tar;
}

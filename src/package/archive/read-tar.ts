import { quote } from "../../base/quote.js";
import { archiveError } from "./archive-error.js";
import { checkPaths, comparePaths } from "./paths.js";
import { BLOCK, checksumOf, fileHeader } from "./tar-header.js";
import type { ArchiveFile } from "./types.js";
import { blocksOf, checkCount, checkFileSize } from "./write-tar.js";

/** The types of entries that are no regular files: https://www.gnu.org/software/tar/manual/html_node/Standard.html. */
const OTHER_TYPES: Readonly<Record<string, string>> = {
  "1": "a hard link",
  "2": "a symbolic link",
  "3": "a device",
  "4": "a device",
  "5": "a folder",
  "6": "a FIFO",
};

/**
 * The files of a ustar archive, their bytes as views into it. Only the one form that `writeTar` gives is taken: each header is
 * made anew and compared. Throws `PackageError` PACKAGE_ARCHIVE_*.
 */
export function readTar(tar: Buffer): ArchiveFile[] {
  const files: ArchiveFile[] = [];
  let at = 0;
  for (;;) {
    const header = tar.subarray(at, at + BLOCK);
    if (header.length < BLOCK) throw cutOff();
    if (isZero(header)) break;
    const file = readFile(tar, at, header);
    files.push(file);
    checkCount(files.length);
    at += BLOCK + blocksOf(file.bytes.length);
  }
  checkEnd(tar, at);
  const paths = files.map(({ path }) => path);
  checkPaths(paths);
  if (paths.some((path, index) => index > 0 && comparePaths(paths[index - 1] ?? "", path) > 0)) {
    throw archiveError("PACKAGE_ARCHIVE_NOT_CANONICAL", "its files are not in the order of their paths");
  }
  return files;
}

function readFile(tar: Buffer, at: number, header: Buffer): ArchiveFile {
  checkForm(header);
  const path = pathOf(header);
  checkType(String.fromCharCode(header[156] ?? 0), path);
  const size = numberAt(header, 124, 12);
  checkFileSize(quote(path), size);
  const end = at + BLOCK + size;
  if (end > tar.length) throw cutOff();
  // An empty path or one that fits no header is told by its own name, before a header is made of it.
  checkPaths([path]);
  const mode = numberAt(header, 100, 8);
  if ((mode !== 0o644 && mode !== 0o755) || !fileHeader(path, mode, size).equals(header)) {
    throw archiveError("PACKAGE_ARCHIVE_NOT_CANONICAL", `${quote(path)} has an owner, a time or a mode of its own`);
  }
  if (!isZero(tar.subarray(end, at + BLOCK + blocksOf(size)))) {
    throw archiveError("PACKAGE_ARCHIVE_NOT_CANONICAL", `there is something behind the end of ${quote(path)}`);
  }
  return { path, mode, bytes: tar.subarray(at + BLOCK, end) };
}

function checkForm(header: Buffer): void {
  const magic = header.toString("latin1", 257, 265);
  const sum = header.toString("latin1", 148, 156);
  if (!/^[0-7]{6}\u0000 $/.test(sum) || Number.parseInt(sum, 8) !== checksumOf(header)) {
    throw archiveError("PACKAGE_ARCHIVE_MALFORMED", "it is no tar archive, or one whose checksums do not fit");
  }
  if (magic === "ustar  \u0000") throw archiveError("PACKAGE_ARCHIVE_EXTENSION", "it is of the form of GNU tar");
  if (magic !== "ustar\u000000") throw archiveError("PACKAGE_ARCHIVE_MALFORMED", "it is not of the form ustar");
}

function checkType(type: string, path: string): void {
  if (type === "0") return;
  const other = OTHER_TYPES[type];
  if (other !== undefined) throw archiveError("PACKAGE_ARCHIVE_LINK", `${quote(path)} is ${other}, no regular file`);
  throw archiveError("PACKAGE_ARCHIVE_EXTENSION", `there is an entry of type ${quote(type)}, an extension of tar`);
}

function pathOf(header: Buffer): string {
  const [prefix, name] = [textAt(header, 345, 155), textAt(header, 0, 100)];
  return prefix === "" ? name : `${prefix}/${name}`;
}

function textAt(header: Buffer, at: number, length: number): string {
  const field = header.subarray(at, at + length);
  const end = field.indexOf(0);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      field.subarray(0, end === -1 ? length : end),
    );
  } catch (cause) {
    throw archiveError("PACKAGE_ARCHIVE_PATH", "a path is not UTF-8", cause);
  }
}

function numberAt(header: Buffer, at: number, length: number): number {
  const text = header.toString("latin1", at, at + length);
  if ((header[at] ?? 0) >= 0x80) throw archiveError("PACKAGE_ARCHIVE_EXTENSION", "a number is in the form of GNU tar");
  if (!/^[0-7]+\u0000$/.test(text)) throw archiveError("PACKAGE_ARCHIVE_MALFORMED", `${quote(text)} is no number`);
  return Number.parseInt(text, 8);
}

function checkEnd(tar: Buffer, at: number): void {
  const second = tar.subarray(at + BLOCK, at + 2 * BLOCK);
  if (second.length < BLOCK || !isZero(second)) throw cutOff();
  if (tar.length !== at + 2 * BLOCK) {
    throw archiveError("PACKAGE_ARCHIVE_TRAILING", "there is something behind the end of the archive");
  }
}

function cutOff() {
  return archiveError("PACKAGE_ARCHIVE_MALFORMED", "it is cut off");
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

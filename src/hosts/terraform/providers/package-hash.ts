import { createHash } from "node:crypto";
import { constants } from "node:fs";
import type { BigIntStats } from "node:fs";
import { open, readdir, realpath } from "node:fs/promises";
import { join } from "node:path";

/** Read at once; one such piece holds the event loop for about a millisecond. */
const CHUNK_BYTES = 1024 * 1024;
/** A package is a program and some texts. */
const MAX_FILES = 10_000;
const MAX_DEPTH = 32;

/** What tells one state of a file from another without reading it. A rename or a write changes `changed`. */
export interface FileStamp {
  readonly device: bigint;
  readonly inode: bigint;
  readonly size: bigint;
  readonly modified: bigint;
  readonly changed: bigint;
}

export function stampOf(stats: BigIntStats): FileStamp {
  const { dev: device, ino: inode, size, mtimeNs: modified, ctimeNs: changed } = stats;
  return { device, inode, size, modified, changed };
}

/** One string for all five. */
export function stampText({ device, inode, size, modified, changed }: FileStamp): string {
  return [device, inode, size, modified, changed].join(":");
}

/** The paths of all files under a folder, relative to it, with slashes, in the order of their bytes. */
export async function filesUnder(folder: string): Promise<string[]> {
  const files: string[] = [];
  const visit = async (relative: string, depth: number): Promise<void> => {
    if (depth > MAX_DEPTH) throw new Error(`folders nest deeper than ${MAX_DEPTH}`);
    for (const entry of await readdir(join(folder, relative), { withFileTypes: true })) {
      const path = relative === "" ? entry.name : `${relative}/${entry.name}`;
      // A link to a folder is no folder here, as in Go's filepath.Walk: reading it fails.
      if (entry.isDirectory()) await visit(path, depth + 1);
      else files.push(path);
      if (files.length > MAX_FILES) throw new Error(`more than ${MAX_FILES} files`);
    }
  };
  await visit("", 0);
  return files.sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
}

/** The hex SHA-256 of a file, read through one handle, in pieces. Rejects for what is no regular file, or changes while it is read. */
async function hashFile(path: string): Promise<string> {
  // O_NONBLOCK: opening a FIFO must not wait for its writer.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const before = await file.stat({ bigint: true });
    if (!before.isFile()) throw new Error(`${path} is no regular file`);
    const hash = createHash("sha256");
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, chunk.length, null);
      if (bytesRead === 0) break;
      hash.update(chunk.subarray(0, bytesRead));
    }
    const after = await file.stat({ bigint: true });
    if (stampText(stampOf(before)) !== stampText(stampOf(after))) throw new Error(`${path} changed while it was read`);
    return hash.digest("hex");
  } finally {
    await file.close();
  }
}

/**
 * `h1:` and the base64 of a SHA-256: the hash of golang.org/x/mod/sumdb/dirhash, Hash1, which lock files hold, taken as
 * core does: a link to the folder is followed, file modes do not count. Rejects for what it cannot read.
 */
export async function hashPackage(packageDir: string): Promise<string> {
  const folder = await realpath(packageDir);
  const summary = createHash("sha256");
  for (const path of await filesUnder(folder)) {
    if (path.includes("\n")) throw new Error("the name of a file has a line end in it");
    summary.update(`${await hashFile(join(folder, path))}  ${path}\n`);
  }
  return `h1:${summary.digest("base64")}`;
}

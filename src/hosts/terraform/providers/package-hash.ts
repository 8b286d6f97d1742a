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

/** A file's state, content digest and first two bytes. */
export interface HashedFile {
  readonly stamp: FileStamp;
  readonly sha256: string;
  /** Starts with `#!`: the system will run another program to run it. */
  readonly isScript: boolean;
}

/** Reads through one handle, in pieces. Rejects for what is no regular file, or changes while it is read. */
export async function hashFile(path: string): Promise<HashedFile> {
  // O_NONBLOCK: opening a FIFO must not wait for its writer.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const before = await file.stat({ bigint: true });
    if (!before.isFile()) throw new Error(`${path} is no regular file`);
    const hash = createHash("sha256");
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    let isScript = false;
    for (let offset = 0; ;) {
      const { bytesRead } = await file.read(chunk, 0, chunk.length, null);
      if (bytesRead === 0) break;
      if (offset === 0) isScript = chunk.subarray(0, Math.min(2, bytesRead)).toString("latin1") === "#!";
      offset += bytesRead;
      hash.update(chunk.subarray(0, bytesRead));
    }
    const stamp = stampOf(before);
    const after = stampOf(await file.stat({ bigint: true }));
    if (stampText(stamp) !== stampText(after)) throw new Error(`${path} changed while it was read`);
    return { stamp, sha256: hash.digest("hex"), isScript };
  } finally {
    await file.close();
  }
}

/** A package as it was hashed. */
export interface HashedPackage {
  /** `h1:` and the base64 of a SHA-256: the hash of golang.org/x/mod/sumdb/dirhash, Hash1, which lock files hold. */
  readonly digest: string;
  /** By path relative to the package. */
  readonly files: ReadonlyMap<string, HashedFile>;
}

/** Hashes a package as core does: links to the folder are followed, file modes do not count. Rejects when it cannot. */
export async function hashPackage(packageDir: string): Promise<HashedPackage> {
  const folder = await realpath(packageDir);
  const files = new Map<string, HashedFile>();
  const summary = createHash("sha256");
  for (const path of await filesUnder(folder)) {
    if (path.includes("\n")) throw new Error("the name of a file has a line end in it");
    const hashed = await hashFile(join(folder, path));
    files.set(path, hashed);
    summary.update(`${hashed.sha256}  ${path}\n`);
  }
  return { digest: `h1:${summary.digest("base64")}`, files };
}

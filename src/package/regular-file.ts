import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { access, open, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { errorCode } from "../base/error-code.js";
import { formatSize } from "../base/size-text.js";
import { PackageError } from "./package-error.js";

const CHUNK_BYTES = 64 * 1024;

/** PACKAGE_UNREADABLE for what the operating system refused. */
export function unreadable(path: string, cause: unknown): PackageError {
  return new PackageError("PACKAGE_UNREADABLE", `${path} cannot be read: ${errorCode(cause) ?? String(cause)}`, {
    cause,
    remedy: "Check the permissions of the file and of the folders above it.",
  });
}

/**
 * Reads a whole file, size first: it is measured and read by one handle, so it cannot be exchanged between the two, and
 * a file that grows meanwhile is refused too. Throws `PackageError` PACKAGE_TOO_LARGE for one over `maxBytes`, and
 * PACKAGE_UNREADABLE for what is no regular file or cannot be read; a missing file stays the error of the system.
 */
export async function readBounded(path: string, maxBytes: number): Promise<Uint8Array> {
  return withRegularFile(path, async (file, size) => {
    if (size > maxBytes) throw tooLarge(path, size, maxBytes);
    // One byte more shows a file that grew; one that shrank gives fewer bytes.
    const bytes = new Uint8Array(size + 1);
    let length = 0;
    while (length < bytes.length) {
      const { bytesRead } = await file.read(bytes, length, bytes.length - length, null);
      if (bytesRead === 0) return bytes.slice(0, length);
      length += bytesRead;
    }
    throw new PackageError("PACKAGE_UNREADABLE", `${path} changed while it was read`, { remedy: "Try again." });
  });
}

/** The digest of a file of any size, in 64 KiB pieces. Throws as `readBounded` does. */
export async function digestFile(path: string): Promise<string> {
  return withRegularFile(path, async (file) => {
    const hash = createHash("sha256");
    const chunk = new Uint8Array(CHUNK_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, chunk.length, null);
      if (bytesRead === 0) return `sha256:${hash.digest("hex")}`;
      hash.update(chunk.subarray(0, bytesRead));
    }
  });
}

/** `sha256:` and 64 hex digits. */
export function digestBytes(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** Whether this user may execute the file. */
export async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether a regular file is there, after links. */
export async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function withRegularFile<T>(path: string, use: (file: FileHandle, size: number) => Promise<T>): Promise<T> {
  try {
    // O_NONBLOCK: opening a FIFO must not wait for its writer.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const found = await file.stat();
      if (!found.isFile()) throw new PackageError("PACKAGE_UNREADABLE", `${path} is not a regular file`);
      return await use(file, found.size);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof PackageError || errorCode(error) === "ENOENT") throw error;
    throw unreadable(path, error);
  }
}

function tooLarge(path: string, size: number, maxBytes: number): PackageError {
  return new PackageError("PACKAGE_TOO_LARGE", `${path} has ${formatSize(size)}, ${formatSize(maxBytes)} are allowed`, {
    remedy: "Build it smaller: optimise for size, leave out debug information.",
  });
}

import { randomUUID } from "node:crypto";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { errorCode } from "../../base/error-code.js";
import { PackageError } from "../package-error.js";
import { readArchive } from "./read.js";
import type { ArchiveFile, PackedManifest } from "./types.js";

/** What renaming onto a folder that is there gives, by system. */
const ALREADY_THERE = new Set(["EEXIST", "ENOTEMPTY", "EPERM", "EACCES"]);

/**
 * Unpacks an archive into a folder that does not exist yet: under another name beside it first, then renamed, so that the
 * folder is complete or absent. Another process that made the same folder meanwhile is no fault: what it made stays.
 * Rejects with `PackageError`: all of `readArchive`, and PACKAGE_UNPACK_FAILED.
 */
export async function unpackArchive(bytes: Uint8Array, folder: string): Promise<PackedManifest> {
  const { manifest, files } = readArchive(bytes);
  const part = `${folder}.${randomUUID()}.part`;
  try {
    await mkdir(part, { recursive: true, mode: 0o755 });
    for (const file of files) await write(part, file);
    await putInPlace(part, folder);
  } catch (error) {
    await rm(part, { recursive: true, force: true }).catch(() => undefined);
    throw error instanceof PackageError ? error : failed(folder, error);
  }
  return manifest;
}

async function write(folder: string, { path, mode, bytes }: ArchiveFile): Promise<void> {
  const target = join(folder, path);
  await mkdir(dirname(target), { recursive: true, mode: 0o755 });
  // `wx`: nothing is written through, or over, what is there.
  const file = await open(target, "wx", mode);
  try {
    await file.writeFile(bytes);
    // The umask may have taken the right to execute.
    await file.chmod(mode);
  } finally {
    await file.close();
  }
}

async function putInPlace(part: string, folder: string): Promise<void> {
  try {
    await rename(part, folder);
  } catch (error) {
    if (!ALREADY_THERE.has(errorCode(error) ?? "")) throw error;
    await rm(part, { recursive: true, force: true });
    // Whoever was first renamed a complete folder; when none is there, the fault was another.
    const isThere = await stat(folder).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (!isThere) throw error;
  }
}

function failed(folder: string, cause: unknown): PackageError {
  const code = errorCode(cause) ?? String(cause);
  const remedy =
    code === "ENOSPC" ? "Make room on the disk." : "Check the permissions of the folder that it is unpacked into.";
  return new PackageError("PACKAGE_UNPACK_FAILED", `the package cannot be unpacked into ${folder}: ${code}`, {
    cause,
    remedy,
  });
}

import { realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { errorCode } from "../../base/error-code.js";
import { entryOf } from "../entry-of.js";
import { MANIFEST_FILE } from "../manifest.js";
import type { Manifest } from "../manifest.js";
import { missingFile } from "../missing-source.js";
import { PackageError } from "../package-error.js";
import { readManifest } from "../read-manifest.js";
import { readBounded, unreadable } from "../regular-file.js";
import { resolveEntry } from "../folder-entry.js";
import { compress } from "./gzip.js";
import { ARCHIVE_LIMITS } from "./limits.js";
import { listFiles, plainPath } from "./list-files.js";
import { packedManifest } from "./packed-manifest.js";
import { readArchive } from "./read.js";
import type { ArchiveFile, PackedArchive } from "./types.js";
import { checkFileSize, writeTar } from "./write-tar.js";

/** What is packed of a folder. */
export interface PackOptions {
  /** One of the manifest's platforms; needed when it has any, refused when it has none. */
  readonly platform?: string | undefined;
}

/** The manifest of a folder that can be packed. Rejects with `PackageError`. */
export async function readPackable(folder: string): Promise<Manifest> {
  let real: string;
  try {
    real = await realpath(folder);
  } catch (error) {
    throw errorCode(error) === "ENOENT" ? await missingFile(folder, folder) : unreadable(folder, error);
  }
  const manifest = await readManifest(real);
  if (manifest !== null) return packedManifest(manifest);
  throw new PackageError("PACKAGE_ARCHIVE_NO_MANIFEST", `${folder} has no ${MANIFEST_FILE}`, {
    remedy: `A package is a folder with an ${MANIFEST_FILE}: name, version, kind and entry.`,
  });
}

/**
 * Packs a folder into an archive: the same files give the same bytes, on every machine. Rejects with `PackageError`:
 * PACKAGE_ARCHIVE_* for what must not be in one, PACKAGE_PLATFORM_MISSING, PACKAGE_IDENTITY_INVALID, PACKAGE_MANIFEST_INVALID,
 * PACKAGE_ENTRY_*, PACKAGE_NOT_FOUND, PACKAGE_UNREADABLE.
 */
export async function packFolder(folder: string, { platform }: PackOptions = {}): Promise<PackedArchive> {
  const manifest = await readPackable(folder);
  checkPlatform(manifest, platform);
  const root = await realpath(folder);
  const named = entryOf(manifest, platform ?? "");
  await resolveEntry(root, named);
  const entry = plainPath(named);
  const files: ArchiveFile[] = [];
  for (const path of await listFiles(root, manifest, entry)) {
    files.push(await readFile(root, path, manifest.kind === "executable", path === entry));
  }
  const bytes = compress(writeTar(files));
  // What is packed is what would be taken: the checks of a reader are those of the packer.
  const { manifest: packed, platform: read, digest } = readArchive(bytes);
  const suffix = read === null ? "" : `_${read}`;
  const fileName = `${packed.name}_${packed.version}${suffix}.tar.gz`;
  return { bytes, digest, size: bytes.length, manifest: packed, platform: read, fileName };
}

function checkPlatform({ platforms }: Manifest, platform: string | undefined): void {
  if ((platforms === undefined) === (platform === undefined)) return;
  if (platforms === undefined) {
    throw new PackageError("PACKAGE_PLATFORM_MISSING", 'the manifest names no "platforms": the package is for any', {
      remedy: "Pack it without a platform.",
    });
  }
  throw new PackageError("PACKAGE_PLATFORM_MISSING", "the package has a program for each platform", {
    remedy: `Name one: ${Object.keys(platforms).sort().join(", ")}.`,
  });
}

/** In a module's or script's package nothing is executed as a file, so nothing is executable. */
async function readFile(root: string, path: string, isProgram: boolean, isEntry: boolean): Promise<ArchiveFile> {
  const absolute = join(root, path);
  try {
    const { size, mode } = await stat(absolute);
    checkFileSize(path, size);
    const bytes = await readBounded(absolute, ARCHIVE_LIMITS.fileBytes);
    // The owner's bit alone: those of others depend on the umask.
    const isExecutable = isProgram && (isEntry || (mode & 0o100) !== 0);
    return { path, mode: isExecutable ? 0o755 : 0o644, bytes };
  } catch (error) {
    throw error instanceof PackageError ? error : unreadable(absolute, error);
  }
}

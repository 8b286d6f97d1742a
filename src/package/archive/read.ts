import { checkWasm } from "../file-kind.js";
import { MANIFEST_FILE } from "../manifest.js";
import { PackageError } from "../package-error.js";
import { parseManifest } from "../read-manifest.js";
import { digestBytes } from "../regular-file.js";
import { archiveError } from "./archive-error.js";
import { decompress } from "./gzip.js";
import { plainPath } from "./list-files.js";
import { packedManifest } from "./packed-manifest.js";
import { readTar } from "./read-tar.js";
import type { ArchiveContents, ArchiveFile, PackedManifest } from "./types.js";

/**
 * Reads and checks a whole archive in memory; nothing of it runs, and nothing is written. Throws `PackageError`:
 * PACKAGE_ARCHIVE_*, PACKAGE_MANIFEST_INVALID, PACKAGE_IDENTITY_INVALID, PACKAGE_ENTRY_MISSING, PACKAGE_NOT_WASM.
 */
export function readArchive(bytes: Uint8Array): ArchiveContents {
  const files = readTar(decompress(bytes));
  const manifestFile = files.find(({ path }) => path === MANIFEST_FILE);
  if (manifestFile === undefined) {
    throw archiveError("PACKAGE_ARCHIVE_NO_MANIFEST", `the archive has no ${MANIFEST_FILE}`);
  }
  const manifest = packedManifest(parseManifest(`${MANIFEST_FILE} of the archive`, manifestFile.bytes));
  const { platform, entry } = findEntry(manifest, files);
  if (manifest.kind === "wasm") checkWasm(entry.path, entry.bytes);
  if (manifest.kind === "executable" && entry.mode !== 0o755) {
    throw archiveError("PACKAGE_ARCHIVE_NOT_CANONICAL", `the program ${entry.path} may not be executed`);
  }
  return { manifest, platform, entry: entry.path, files, digest: digestBytes(bytes), size: bytes.length };
}

interface FoundEntry {
  readonly platform: string | null;
  readonly entry: ArchiveFile;
}

/** An archive holds the program of one platform alone, and so tells which one it is for. */
function findEntry(manifest: PackedManifest, files: readonly ArchiveFile[]): FoundEntry {
  const { entry: only, platforms } = manifest;
  const candidates: [platform: string | null, path: string][] =
    platforms === undefined ? [[null, only ?? ""]] : Object.entries(platforms);
  const found: FoundEntry[] = [];
  for (const [platform, path] of candidates) {
    const entry = files.find((file) => file.path === plainPath(path));
    if (entry !== undefined) found.push({ platform, entry });
  }
  const [first, second] = found;
  if (first !== undefined && second === undefined) return first;
  const what = first === undefined ? "nothing of what" : "more than one of what";
  throw new PackageError("PACKAGE_ENTRY_MISSING", `the archive holds ${what} its manifest names as its program`, {
    remedy: "Pack it with airlock pack.",
  });
}

import { readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { ArchiveContents } from "../archive/types.js";
import { readBounded } from "../regular-file.js";
import { corrupt } from "./fault.js";

/**
 * Holds an unpacked folder to its archive: the same files, each with the same bytes, no link and nothing else beside them.
 * Rejects with `CacheError` CACHE_CORRUPT that names the file.
 */
export async function verifyFolder(folder: string, { digest, files }: ArchiveContents): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    throw corrupt(digest, `${folder} cannot be read`, error);
  });
  const known = new Set(files.map(({ path }) => path));
  for (const entry of entries) {
    if (entry.isDirectory()) continue;
    const path = relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/");
    if (!entry.isFile() || !known.delete(path)) throw corrupt(digest, `${join(folder, path)} is none of its files`);
  }
  const [missing] = known;
  if (missing !== undefined) throw corrupt(digest, `${join(folder, missing)} is missing`);
  await Promise.all(
    files.map(async ({ path, bytes }) => {
      const place = join(folder, path);
      const found = await readBounded(place, bytes.byteLength).catch((error: unknown) => {
        throw corrupt(digest, place, error);
      });
      if (Buffer.compare(found, bytes) !== 0) throw corrupt(digest, place);
    }),
  );
}

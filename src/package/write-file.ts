import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

/** How names of files that are not complete yet begin; what is older than a day is a remnant. */
export const PARTIAL = ".partial-";

/**
 * Writes a file as a whole or not at all: under another name beside it, to the disk, then renamed. Its folder must be there.
 * Rejects with the system's error.
 */
export async function writeWhole(path: string, bytes: Uint8Array | string, mode = 0o644): Promise<void> {
  const partial = join(dirname(path), `${PARTIAL}${randomUUID()}`);
  try {
    const file = await open(partial, "wx", mode);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

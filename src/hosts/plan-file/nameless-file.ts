import { randomUUID } from "node:crypto";
import { openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A plan, and what is said of it, is nobody else's. */
const OWNER_ONLY = 0o600;

/**
 * Opens a file for reading and writing that has no name any more, so it is gone with the process, however that ends. Only its owner could
 * ever open it. Throws the system's error.
 */
export function openNameless(): number {
  const path = join(tmpdir(), `airlock-${randomUUID()}.tmp`);
  const descriptor = openSync(path, "wx+", OWNER_ONLY);
  rmSync(path);
  return descriptor;
}

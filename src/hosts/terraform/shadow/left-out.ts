import { basename, dirname, join } from "node:path";
import { isInside } from "./layout.js";
import type { Layout } from "./layout.js";

/** Core writes it by rename, so a link would be lost: it is copied. */
export const LOCK_FILE = ".terraform.lock.hcl";

/** What is neither linked nor brought back: core's own data, the shadow, version control, the lock file. */
export function isLeftOut(layout: Layout, path: string): boolean {
  const name = basename(path);
  if (name === ".git") return true;
  if (isInside(layout.dataDir, path) && !layout.mirrored.has(path)) return true;
  if (name === ".terraform" && layout.modules.has(dirname(path))) return true;
  return path === join(layout.root, LOCK_FILE);
}

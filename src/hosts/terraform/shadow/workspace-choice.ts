import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { entryAt, linkAt, placeLink, publishFile } from "./files.js";
import type { Layout } from "./layout.js";
import { WORKSPACE_FILE } from "./state-files.js";

/**
 * Shares the selected workspace between the user's data folder and the shadow's: it is the user's choice, and a run in
 * another workspace would meet another state. What core selected in the shadow becomes the user's.
 */
export async function shareWorkspaceChoice(layout: Layout, dataDir: string): Promise<void> {
  if (dataDir === layout.dataDir) return;
  await mkdir(dataDir, { recursive: true });
  const [users, cores] = [join(layout.dataDir, WORKSPACE_FILE), join(dataDir, WORKSPACE_FILE)];
  const chosen = await entryAt(cores);
  const there = await entryAt(users);
  // Both are there when the user chose in a plain run after core did here, or the other way round: the later counts.
  if (chosen?.isFile() === true && (there?.mtimeMs ?? 0) <= chosen.mtimeMs) await publishFile(cores, users);
  if ((await entryAt(users)) !== undefined) await placeLink(cores, users);
  else if ((await linkAt(cores)) !== undefined) await rm(cores, { force: true });
}

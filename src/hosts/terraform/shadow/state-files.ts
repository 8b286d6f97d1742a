import { mkdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { contentOf, entryAt, linkAt } from "./files.js";
import { inShadow } from "./layout.js";
import type { Layout } from "./layout.js";
import { WORKSPACES_DIR } from "./special-entries.js";
import type { SpecialEntries, StateFiles } from "./special-entries.js";

/** Name of the file in the data folder that holds the selected workspace. */
const WORKSPACE_FILE = "environment";
const MAX_NAME_BYTES = 4096;

/** The state files that do not exist yet. */
export async function missingStates({ states }: SpecialEntries): Promise<ReadonlySet<string>> {
  const missing = new Set<string>();
  for (const { state } of states) if ((await entryAt(state)) === undefined) missing.add(state);
  return missing;
}

/**
 * Takes away what core would have taken away beside the real state: it removes the lock information, and a state file
 * that it created and left empty, but in the shadow that removes only their links.
 *
 * What another run wrote meanwhile stays. Core's locks exclude each other, so lock information that is younger than the
 * removal of our link is another's, and where there is any, an empty state file is in use.
 */
export async function tidyStates(
  layout: Layout,
  { states }: SpecialEntries,
  missingBefore: ReadonlySet<string>,
): Promise<void> {
  for (const files of states) {
    await removeLockInfo(layout, files);
    if (!missingBefore.has(files.state) || (await isLinked(layout, files.state))) continue;
    if ((await entryAt(files.lockInfo)) !== undefined) continue;
    const found = await entryAt(files.state);
    if (found?.isFile() === true && found.size === 0) await rm(files.state, { force: true });
  }
}

async function removeLockInfo(layout: Layout, { state, lockInfo }: StateFiles): Promise<void> {
  const there = await entryAt(lockInfo);
  if (there?.isFile() !== true || (await isLinked(layout, lockInfo))) return;
  const folder = await entryAt(join(inShadow(layout, state), ".."));
  if (folder !== undefined && there.mtimeMs < folder.mtimeMs) await rm(lockInfo, { force: true });
}

async function isLinked(layout: Layout, path: string): Promise<boolean> {
  return (await linkAt(inShadow(layout, path))) !== undefined;
}

/**
 * Makes the folder for the states of workspaces, to which the shadow holds a link, when core may need it: core cannot
 * make a folder where a link leads nowhere. Gives whether it was made.
 */
export async function placeWorkspacesDir(layout: Layout, mayMakeWorkspace: boolean): Promise<boolean> {
  if (!mayMakeWorkspace && !(await isWorkspaceSelected(layout))) return false;
  return (await mkdir(join(layout.root, WORKSPACES_DIR), { recursive: true })) !== undefined;
}

/** Takes the folder of `placeWorkspacesDir` away when nothing was put into it. */
export async function removeWorkspacesDir(layout: Layout): Promise<void> {
  await rmdir(join(layout.root, WORKSPACES_DIR)).catch(() => undefined);
}

async function isWorkspaceSelected(layout: Layout): Promise<boolean> {
  const file = join(layout.dataDir, WORKSPACE_FILE);
  const size = (await entryAt(file))?.size ?? 0;
  if (size === 0 || size > MAX_NAME_BYTES) return false;
  const name = (await contentOf(file))?.toString("utf8").trim() ?? "";
  return name !== "" && name !== "default";
}

/** The selected workspace is the user's, not the shadow's: otherwise a run could meet another workspace's state. */
export const SHARED_DATA_FILES: readonly string[] = [WORKSPACE_FILE];

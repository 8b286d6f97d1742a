import { mkdir, rm, rmdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { errorCode } from "../../../base/error-code.js";
import { contentOf, entryAt } from "./files.js";
import { inShadow } from "./layout.js";
import type { Layout } from "./layout.js";

const DEFAULT_STATE = "terraform.tfstate";
/** Where the local backend keeps the state of other workspaces than the default one. */
const WORKSPACES_DIR = "terraform.tfstate.d";
/** Name of the file in the data folder that holds the selected workspace. */
export const WORKSPACE_FILE = "environment";
const MAX_NAME_BYTES = 4096;

/** What core writes beside a state file while it holds the lock; `lockInfoPath` in internal/states/statemgr/filesystem.go. */
export function lockInfoOf(state: string): string {
  return join(dirname(state), `.${basename(state).replace(/^\./, "")}.lock.info`);
}

/** The state files of the local backend that are in mirrored folders; those elsewhere need no link. */
export function mirroredStates(layout: Layout, stateFiles: Iterable<string> | undefined): string[] {
  const paths = new Set(stateFiles ?? [join(layout.root, DEFAULT_STATE)]);
  return [...paths].filter((path) => layout.mirrored.has(dirname(path)));
}

/** What a run put into the real root so that state can be written through links. */
export interface StatePlaces {
  /** Empty state files that were not there before. */
  readonly states: readonly string[];
  /** The folder for workspaces, when it was not there before. */
  readonly workspaces: string | undefined;
}

/**
 * Makes what a link needs to lead somewhere: empty state files, as core itself makes one when it takes the lock, and the
 * folder for workspaces when this run may need it. Links to nothing would not do: `fileset` of core fails at them, and
 * core cannot make a folder through one. An empty state file is no state to core. What differs from plain core: with
 * `-lock=false` and no state yet, `fileset` finds the empty file.
 */
export async function placeStates(
  layout: Layout,
  states: readonly string[],
  mayMakeWorkspace: boolean,
): Promise<StatePlaces> {
  const made: string[] = [];
  for (const state of states) if (await createEmpty(state)) made.push(state);
  const workspaces = join(layout.root, WORKSPACES_DIR);
  const isNeeded = mayMakeWorkspace || (await isWorkspaceSelected(layout));
  const isMade = isNeeded && (await mkdir(workspaces, { recursive: true })) !== undefined;
  return { states: made, workspaces: isMade ? workspaces : undefined };
}

/**
 * Takes away what `placeStates` made and nobody used. A state file is in use when somebody holds the lock, here or in
 * the real root, of which the lock information tells.
 */
export async function removeUnused(layout: Layout, { states, workspaces }: StatePlaces): Promise<void> {
  for (const state of states) {
    const info = lockInfoOf(state);
    const isLocked = [await entryAt(info), await entryAt(inShadow(layout, info))].some((entry) => entry !== undefined);
    const found = await entryAt(state);
    if (!isLocked && found?.isFile() === true && found.size === 0) await rm(state, { force: true });
  }
  if (workspaces !== undefined) await rmdir(workspaces).catch(() => undefined);
}

/** Whether the file was made; false when something is there. */
async function createEmpty(path: string): Promise<boolean> {
  try {
    await writeFile(path, "", { flag: "wx" });
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  }
}

async function isWorkspaceSelected(layout: Layout): Promise<boolean> {
  const file = join(layout.dataDir, WORKSPACE_FILE);
  const size = (await entryAt(file))?.size ?? 0;
  if (size === 0 || size > MAX_NAME_BYTES) return false;
  const name = (await contentOf(file))?.toString("utf8").trim() ?? "";
  return name !== "" && name !== "default";
}

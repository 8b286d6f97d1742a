import { basename, dirname, join } from "node:path";
import { isInside } from "./layout.js";
import type { Layout } from "./layout.js";

/** Core writes it by rename, so a link would be lost: it is copied. */
export const LOCK_FILE = ".terraform.lock.hcl";
/** Where the local backend keeps the state of other workspaces than the default one. */
export const WORKSPACES_DIR = "terraform.tfstate.d";
/** What core writes in its working directory when it cannot write the state elsewhere. */
const ERRORED_STATE = "errored.tfstate";
const DEFAULT_STATE = "terraform.tfstate";

/** The names of one state file and of what core writes beside it, as absolute paths. */
export interface StateFiles {
  readonly state: string;
  readonly backup: string;
  /** Written at lock, removed at unlock; core locks the state file itself. */
  readonly lockInfo: string;
}

/** A state file and what core writes beside it; `lockInfoPath` in internal/states/statemgr/filesystem.go. */
export function stateFilesOf(state: string): StateFiles {
  const lockInfo = join(dirname(state), `.${basename(state).replace(/^\./, "")}.lock.info`);
  return { state, backup: `${state}.backup`, lockInfo };
}

/** The real files that core may create in mirrored folders, which are linked before they exist. */
export interface SpecialEntries {
  readonly states: readonly StateFiles[];
  /** All of them, each of which gets a link. */
  readonly links: ReadonlySet<string>;
}

/** The default state, and the further state files in mirrored folders. */
export function specialEntries(layout: Layout, stateFiles: Iterable<string>): SpecialEntries {
  const paths = [join(layout.root, DEFAULT_STATE), join(layout.root, ERRORED_STATE), ...stateFiles];
  const states = [...new Set(paths)].filter((path) => layout.mirrored.has(dirname(path))).map(stateFilesOf);
  const files = states.flatMap(({ state, backup, lockInfo }) => [state, backup, lockInfo]);
  return { states, links: new Set([...files, join(layout.root, WORKSPACES_DIR)]) };
}

/** What is neither linked nor brought back: core's own data, the shadow, version control, the lock file. */
export function isLeftOut(layout: Layout, path: string): boolean {
  const name = basename(path);
  if (name === ".git") return true;
  if (isInside(layout.dataDir, path) && !layout.mirrored.has(path)) return true;
  if (name === ".terraform" && layout.modules.has(dirname(path))) return true;
  return path === join(layout.root, LOCK_FILE);
}

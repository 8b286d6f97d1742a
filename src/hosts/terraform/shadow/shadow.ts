import { dirname, isAbsolute, resolve } from "node:path";
import { bringBack } from "./bring-back.js";
import { inShadow, planLayout } from "./layout.js";
import type { Layout } from "./layout.js";
import { bringBackLock, copyLockIn } from "./lock-file.js";
import { mirror } from "./mirror.js";
import { makeFolders } from "./files.js";
import { writeReplaced } from "./replaced-files.js";
import { shadowWriteError } from "./shadow-error.js";
import type { ShadowError } from "./shadow-error.js";
import { lockInfoOf, mirroredStates, placeStates, removeUnused } from "./state-files.js";
import type { StatePlaces } from "./state-files.js";
import { shareWorkspaceChoice } from "./workspace-choice.js";

const MAX_ENTRIES = 100_000;

export interface ShadowRequest {
  /** The root module's folder, absolute. */
  readonly root: string;
  /** Value of TF_DATA_DIR as core gets it. Core gets the same value in the shadow. */
  readonly dataDir: string | undefined;
  /** Files that core must see with other content, by absolute path. They must exist. */
  readonly replaced: ReadonlyMap<string, Uint8Array>;
  /** Folders of local modules, absolute, also those of modules in modules. */
  readonly localModules: Iterable<string>;
  /** Whether this run may make a workspace: `workspace new`, `workspace select -or-create`, TF_WORKSPACE. */
  readonly mayMakeWorkspace?: boolean;
  /**
   * The state files of the local backend, absolute: `path` of its block. Left out, the default one; empty for a backend
   * that keeps state elsewhere, since an empty state file stands in the root while a run goes on.
   */
  readonly stateFiles?: Iterable<string>;
  /** How many entries the mirrored folders may hold together; 100,000 when left out. */
  readonly maxEntries?: number;
}

/** A folder that core takes for the root module. */
export interface Shadow {
  /** For `-chdir`; absolute. */
  readonly root: string;
  /** Where core keeps providers and modules when it runs in the shadow; absolute. */
  readonly dataDir: string;
  /** What a killed run left behind that could not be brought back: SHADOW_LEFTOVER. */
  readonly notices: readonly ShadowError[];
  /**
   * Between two starts of core: brings back what the first one made, and makes all links anew, as core removes some.
   * Rejects with `ShadowError`.
   */
  renew(): Promise<readonly ShadowError[]>;
  /**
   * When core has ended: brings back the lock file and all other files that core or a provisioner made. Gives an error
   * SHADOW_LEFTOVER for each that was not brought back. The shadow stays, for the next run to start fast.
   */
  finish(): Promise<readonly ShadowError[]>;
}

/**
 * Makes or updates the shadow of a root module: `<data folder>/airlock/shadow`. In it, core sees the same relative
 * paths as in the root: folders of modules are folders, everything else is a link to the real thing. State is written
 * through links, so it is in the real root whenever a process is killed; what is new beside it, such as the first
 * backup, is brought back at the end, or by the next run when this one is killed.
 *
 * Several runs may prepare and use one shadow at the same time. Rejects with `ShadowError`: SHADOW_NO_SPACE,
 * SHADOW_UNSUPPORTED, SHADOW_UNREADABLE, SHADOW_LOOP; nothing in the real root was changed then.
 */
export async function prepareShadow(request: ShadowRequest): Promise<Shadow> {
  const changed = [...request.replaced.keys()].map((path) => dirname(path));
  const { root, dataDir } = request;
  const layout = await planLayout({ root, dataDir, localModules: [...request.localModules, ...changed] });
  const preparation = new Preparation(request, layout);
  const notices = await preparation.prepare();
  return {
    root: inShadow(layout, layout.root),
    dataDir: preparation.dataDir,
    notices,
    renew: async () => [...(await preparation.finish()), ...(await preparation.prepare())],
    finish: () => preparation.finish(),
  };
}

/** The steps of preparing and finishing. */
class Preparation {
  /** Core's data folder in the shadow. */
  readonly dataDir: string;
  readonly #request: ShadowRequest;
  readonly #layout: Layout;
  readonly #states: readonly string[];
  #replaced: ReadonlyMap<string, string> = new Map();
  #places: StatePlaces = { states: [], workspaces: undefined };

  constructor(request: ShadowRequest, layout: Layout) {
    this.#request = request;
    this.#layout = layout;
    this.#states = mirroredStates(layout, request.stateFiles);
    const value = request.dataDir ?? "";
    this.dataDir = isAbsolute(value) ? layout.dataDir : resolve(inShadow(layout, layout.root), value || ".terraform");
  }

  async prepare(): Promise<ShadowError[]> {
    const layout = this.#layout;
    try {
      await makeFolders(layout.tree);
      this.#replaced = await writeReplaced(layout, this.#request.replaced);
      const notices = [...(await this.#bringBack()), ...(await bringBackLock(layout))];
      await shareWorkspaceChoice(layout, this.dataDir);
      this.#places = await placeStates(layout, this.#states, this.#request.mayMakeWorkspace === true);
      const maxEntries = this.#request.maxEntries ?? MAX_ENTRIES;
      await mirror({ layout, replaced: this.#replaced, maxEntries });
      await copyLockIn(layout);
      return notices;
    } catch (error) {
      await removeUnused(layout, this.#places).catch(() => undefined);
      throw shadowWriteError(layout.home, error);
    }
  }

  async finish(): Promise<ShadowError[]> {
    const layout = this.#layout;
    try {
      const notices = [...(await bringBackLock(layout)), ...(await this.#bringBack())];
      await shareWorkspaceChoice(layout, this.dataDir);
      await removeUnused(layout, this.#places);
      this.#places = { states: [], workspaces: undefined };
      return notices;
    } catch (error) {
      throw shadowWriteError(layout.home, error);
    }
  }

  #bringBack(): Promise<ShadowError[]> {
    const passing = new Set(this.#states.map(lockInfoOf));
    return bringBack({ layout: this.#layout, replaced: this.#replaced, passing });
  }
}

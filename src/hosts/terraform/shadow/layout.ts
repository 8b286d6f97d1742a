import { lstat, readlink, realpath } from "node:fs/promises";
import { dirname, isAbsolute, join, parse, relative, resolve, sep } from "node:path";
import { entryAt, isMissing } from "./files.js";
import { ShadowError, shadowReadError, unsupported, WITHOUT_SHADOW } from "./shadow-error.js";

/** Name of the folder in which core keeps providers and modules, unless TF_DATA_DIR names another. */
const DATA_DIR = ".terraform";
/** As many links as Linux follows in one path. */
const MAX_LINKS = 40;

/** What is mirrored, and where. All paths are absolute; real ones hold no links. */
export interface Layout {
  /** The real root module. */
  readonly root: string;
  /** The highest folder that is mirrored. */
  readonly top: string;
  /** The real folders that become real folders in the shadow: module folders and those between them and `top`. */
  readonly mirrored: ReadonlySet<string>;
  /** Those of them that hold a module, or the way to one. A folder among them that cannot be read is an error. */
  readonly modules: ReadonlySet<string>;
  /** The user's own data folder. */
  readonly dataDir: string;
  /** The folder that all of the shadow is in. */
  readonly home: string;
  /** The folder in it that stands for the root of the file system. */
  readonly tree: string;
}

export interface LayoutRequest {
  /** The root module's folder, absolute. */
  readonly root: string;
  /** Value of TF_DATA_DIR; what is relative counts from the root, as for core. */
  readonly dataDir: string | undefined;
  /** Folders of local modules, absolute, in any spelling. Those that do not exist are passed over. */
  readonly localModules: Iterable<string>;
}

/**
 * Finds out what must be mirrored for core to see the same relative paths as in the real root. Rejects with
 * `ShadowError` SHADOW_UNSUPPORTED, SHADOW_UNREADABLE, SHADOW_LOOP.
 */
export async function planLayout(request: LayoutRequest): Promise<Layout> {
  const root = await realpath(request.root).catch((error: unknown) => {
    throw shadowReadError(request.root, error);
  });
  if (root === parse(root).root) throw unsupported(`the root module is ${root}, the root of the file system`);
  const value = request.dataDir === undefined || request.dataDir === "" ? DATA_DIR : request.dataDir;
  const dataDir = resolve(root, value);
  const home = join(dataDir, "airlock", "shadow");
  if (isInside(root, home)) throw unsupported(`the root module ${root} is itself inside a shadow`);
  const modules = new Set([root]);
  for (const module of request.localModules) {
    // What the user reached through links is found again from the real root.
    const path = isInside(module, request.root) ? join(root, relative(request.root, module)) : module;
    for (const folder of await foldersOnTheWay(path)) modules.add(folder);
  }
  const wanted = new Set(modules);
  const repository = await repositoryOf(root);
  if (repository !== undefined) wanted.add(repository);
  if (!isAbsolute(value) && !isInside(dataDir, root)) wanted.add(dirname(dataDir));
  const top = commonAncestor([...wanted]);
  const mirrored = new Set([...wanted].flatMap((folder) => ancestors(folder, top)));
  return { root, top, mirrored, modules, dataDir, home, tree: join(home, "tree") };
}

/** Where a real path is in the shadow. */
export function inShadow({ tree }: Pick<Layout, "tree">, path: string): string {
  // A drive letter is a folder of the tree.
  return join(tree, path.replace(/^([A-Za-z]):/, "$1"));
}

/** Whether a path is a folder or anything in it. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/**
 * The real folders that hold the links on the way to a folder, and the folder itself. Links are followed one by one, as
 * the module installer of core reports what they resolve to (`EvalSymlinks` in internal/initwd/module_install.go).
 */
async function foldersOnTheWay(path: string): Promise<string[]> {
  const found: string[] = [];
  const start = parse(path).root;
  let at = start;
  let rest = path.slice(start.length).split(sep).filter(Boolean);
  for (let links = 0; rest.length > 0;) {
    const [name = "", ...others] = rest;
    const next = join(at, name);
    const entry = await lstat(next).catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw shadowReadError(next, error);
    });
    if (entry === undefined) return [];
    rest = others;
    if (!entry.isSymbolicLink()) {
      at = next;
      continue;
    }
    if (++links > MAX_LINKS) throw circle(path);
    found.push(await realpath(at));
    const target = resolve(at, await readlink(next));
    at = parse(target).root;
    rest = [...target.slice(at.length).split(sep).filter(Boolean), ...rest];
  }
  if ((await entryAt(at))?.isDirectory() !== true) return [];
  // On file systems that ignore case this gives the names as they are on the disk.
  return [...found, await realpath(at)];
}

function circle(path: string): ShadowError {
  return new ShadowError("SHADOW_LOOP", `the links on the way to the module folder ${path} lead in a circle`, {
    remedy: `Mend the links. ${WITHOUT_SHADOW}`,
  });
}

/** The folder of the version control that holds the root: what a configuration refers to by `../` is seldom outside. */
async function repositoryOf(root: string): Promise<string | undefined> {
  for (let folder = root; dirname(folder) !== folder; folder = dirname(folder)) {
    if ((await entryAt(join(folder, ".git")).catch(() => undefined)) !== undefined) return folder;
  }
  return undefined;
}

function commonAncestor(folders: readonly string[]): string {
  const [first = sep, ...others] = folders;
  let top = first;
  while (!others.every((folder) => isInside(folder, top))) {
    if (dirname(top) === top) throw unsupported(`${first} and a module of it are on different drives`);
    top = dirname(top);
  }
  return top;
}

/** A folder and those above it, up to `top`. */
function ancestors(folder: string, top: string): string[] {
  const all = [folder];
  for (let at = folder; at !== top;) {
    at = dirname(at);
    all.push(at);
  }
  return all;
}

import { readlink } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { isOfSystem } from "./bubblewrap.js";

/** Folders in which an interpreter and all it needs lie together: version managers, /opt/NAME, Linuxbrew. */
const ROOT =
  /^(?:\/(?:opt|snap)\/[^/]+|.*\/(?:\.(?:asdf|fnm|nodenv|nvm|pyenv|rbenv|rustup|rye|volta)|mise|linuxbrew\/\.linuxbrew))(?=\/)/;
/** What lies beside `bin` and is needed by what lies in it; not `share`, where a home has its keys. */
const BESIDE_BIN = ["lib", "lib64", "libexec", "pyvenv.cfg"];
/** As many links as the kernel follows. */
const MOST_LINKS = 40;

/** A program and what the links lead to that it is reached by, each by its own path. */
async function withTargets(path: string): Promise<string[]> {
  const paths = [path];
  for (let at = path; paths.length <= MOST_LINKS;) {
    try {
      at = resolve(dirname(at), await readlink(at));
    } catch {
      return paths;
    }
    paths.push(at);
  }
  return paths;
}

function around(path: string): string[] {
  const root = ROOT.exec(path)?.[0];
  if (root !== undefined) return [root];
  const folder = dirname(path);
  if (basename(folder) !== "bin") return [path];
  return [folder, ...BESIDE_BIN.map((name) => join(dirname(folder), name))];
}

/**
 * What an isolated program must see beside the system: itself (of a package the whole folder), its interpreter, and what
 * lies around that. Absolute paths, in the order in which they are to be mounted.
 */
export async function visiblePaths(own: string, interpreter: string | null): Promise<string[]> {
  const reached = interpreter === null ? [] : (await withTargets(interpreter)).filter((path) => !isOfSystem(path));
  const all = new Set([...reached.flatMap(around), own]);
  // The outer ones first: a mount hides what was mounted below it before.
  return [...all].filter((path) => !isOfSystem(path)).sort((one, other) => one.length - other.length);
}

import { existsSync, lstatSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { SandboxError } from "./sandbox-error.js";

const ENTRY = "dist/src/sandbox/child/main.js";
/** The packages that the sandbox host loads, ours aside; what they depend on follows. */
const LOADED = [
  "@cfworker/json-schema",
  "@extism/extism",
  "json-rpc-2.0",
  "msgpackr",
  "piscina",
  "quickjs-emscripten",
  "secure-json-parse",
  "valibot",
];

const PackageSchema = v.object({
  dependencies: v.optional(v.record(v.string(), v.string()), {}),
  optionalDependencies: v.optional(v.record(v.string(), v.string()), {}),
});

interface Found {
  readonly folders: Set<string>;
  readonly links: Set<string>;
}

/** What the sandbox host is started from and all it may read. */
export interface OwnFiles {
  /** Absolute path of its entry. */
  readonly entry: string;
  /** Absolute folders, each with everything below it. */
  readonly folders: readonly string[];
  /** Symbolic links on the way to them, each alone: package managers such as pnpm install by links. */
  readonly links: readonly string[];
}

/** Finds the built sandbox host and the folders of the packages it loads. Throws `SandboxError` SANDBOX_START. */
export function ownFiles(): OwnFiles {
  const root = packageRoot();
  const entry = join(root, ENTRY);
  if (!existsSync(entry)) {
    throw new SandboxError("SANDBOX_START", `the sandbox host is not built: ${entry} is missing`, {
      remedy: "Run `npm run build`.",
    });
  }
  const found: Found = { folders: new Set([join(root, "dist")]), links: new Set() };
  for (const name of LOADED) addPackage(name, root, found, true);
  return { entry, folders: [...found.folders], links: [...found.links] };
}

/** The folder of this package's package.json, both from the sources and from what is built of them. */
function packageRoot(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return realpathSync(folder);
    if (dirname(folder) === folder) throw new SandboxError("SANDBOX_START", "the package's own folder was not found");
  }
}

/** Adds a package as Node resolves it from `from`, and whatever it depends on. */
function addPackage(name: string, from: string, found: Found, required: boolean): void {
  const named = resolvePackage(name, from);
  if (named === null) {
    if (!required) return;
    throw new SandboxError("SANDBOX_START", `the package ${name} is not installed`, { remedy: "Run `npm install`." });
  }
  addLinks(named, found.links);
  const folder = realpathSync(named);
  if (found.folders.has(folder)) return;
  found.folders.add(folder);
  const { dependencies, optionalDependencies } = v.parse(
    PackageSchema,
    JSON.parse(readFileSync(join(folder, "package.json"), "utf8")),
  );
  for (const other of Object.keys(dependencies)) addPackage(other, folder, found, false);
  for (const other of Object.keys(optionalDependencies)) addPackage(other, folder, found, false);
}

/** Adds every symbolic link that is followed on the way to `path`. */
function addLinks(path: string, links: Set<string>): void {
  for (let part = path; dirname(part) !== part; part = dirname(part)) {
    if (links.has(part) || !lstatSync(part).isSymbolicLink()) continue;
    links.add(part);
    addLinks(resolve(dirname(part), readlinkSync(part)), links);
  }
}

/** Where Node finds a package, links not followed. */
function resolvePackage(name: string, from: string): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", name);
    if (existsSync(join(candidate, "package.json"))) return candidate;
    if (dirname(folder) === folder) return null;
  }
}

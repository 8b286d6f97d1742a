import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { errorCode } from "../base/error-code.js";
import { DeclareError } from "./declare-error.js";

/** A bigger file is refused before it is read. */
export const MAX_FILE_BYTES = 16 * 1024 * 1024;

/** The file that takes integration blocks beside the configuration. */
export const AIRLOCK_FILE = "airlock.hcl";

/** Which of the two reads the files: only OpenTofu knows `.tofu`. */
export type CoreKind = "opentofu" | "terraform";

/** How a file is read: `airlock` is HCL with integration blocks at its top. */
export type FileSyntax = "airlock" | "hcl" | "json";

/** A file that can hold declarations. */
export interface DeclarationFile {
  /** The folder in its own spelling, and the name. */
  readonly path: string;
  readonly syntax: FileSyntax;
  /** Core merges its blocks over those of other files. */
  readonly isOverride: boolean;
}

/**
 * The files of a root module that can hold declarations, by name. The rules are core's (OpenTofu,
 * `internal/configs/parser_config_dir.go`): no dotfiles and editor backups, and `x.tofu` in place of `x.tf`.
 * Terraform reads no `.tofu` files. Throws `DECLARE_UNREADABLE`.
 */
export async function listFiles(directory: string, core: CoreKind = "opentofu"): Promise<DeclarationFile[]> {
  const present = await readNames(directory);
  const names = core === "opentofu" ? present : present.filter((name) => !/\.tofu(\.json)?$/.test(name));
  const all = new Set(names);
  return names
    .filter((name) => !isIgnored(name) && !isShadowed(name, all))
    .sort()
    .map((name) => configurationFile(join(directory, name), name))
    .filter((file) => file !== undefined);
}

/** The file of this name, as core tells it by its name; undefined for one that is no configuration. */
export function configurationFile(path: string, name: string): DeclarationFile | undefined {
  const syntax = syntaxOf(name);
  if (syntax === undefined) return undefined;
  const base = name.replace(/\.(tf|tofu)(\.json)?$/, "");
  const isOverride = syntax !== "airlock" && (base === "override" || base.endsWith("_override"));
  return { path, syntax, isOverride };
}

/** The bytes of a file. Throws `DECLARE_UNREADABLE`, and `DECLARE_TOO_LARGE` over `MAX_FILE_BYTES`. */
export async function readBytes(path: string): Promise<Buffer> {
  const location = { file: path, line: 1, column: 1 };
  try {
    // Before it is opened: opening a named pipe would wait for its writer.
    if (!(await stat(path)).isFile()) throw new Error("it is no regular file");
    const handle = await open(path);
    try {
      const stats = await handle.stat();
      if (stats.size > MAX_FILE_BYTES) {
        const message = `the file holds ${stats.size} bytes, at most ${MAX_FILE_BYTES} are read`;
        throw new DeclareError("DECLARE_TOO_LARGE", message, { location });
      }
      const buffer = Buffer.alloc(stats.size);
      const { bytesRead } = await handle.read(buffer, 0, stats.size, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (cause instanceof DeclareError) throw cause;
    throw new DeclareError("DECLARE_UNREADABLE", `the file cannot be read: ${reason(cause)}`, { cause, location });
  }
}

async function readNames(directory: string): Promise<string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name);
  } catch (cause) {
    const message = `the folder ${JSON.stringify(directory)} cannot be read: ${folderFault(cause) ?? reason(cause)}`;
    throw new DeclareError("DECLARE_UNREADABLE", message, {
      cause,
      remedy: "Name the folder that holds the root module.",
    });
  }
}

/** The common mistakes, in words. */
function folderFault(cause: unknown): string | undefined {
  const code = errorCode(cause);
  if (code === "ENOENT") return "it does not exist";
  return code === "ENOTDIR" ? "it is a file" : undefined;
}

function isIgnored(name: string): boolean {
  return name.startsWith(".") || name.endsWith("~") || (name.startsWith("#") && name.endsWith("#"));
}

/** OpenTofu reads `x.tofu` and not `x.tf` where both are, and `x.tofu.json` and not `x.tf.json`. */
function isShadowed(name: string, all: ReadonlySet<string>): boolean {
  return /\.tf(\.json)?$/.test(name) && all.has(name.replace(/\.tf(\.json)?$/, ".tofu$1"));
}

function syntaxOf(name: string): FileSyntax | undefined {
  if (name === AIRLOCK_FILE) return "airlock";
  if (/\.(tf|tofu)\.json$/.test(name)) return "json";
  return /\.(tf|tofu)$/.test(name) ? "hcl" : undefined;
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : "unknown reason";
}

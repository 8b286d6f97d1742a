import { isAbsolute, resolve, sep } from "node:path";
import { isExecutable, isFile } from "../../../package/regular-file.js";
import { searchPath } from "../../../package/search-path.js";
import { CoreError } from "./core-error.js";
import type { Environment } from "./environment.js";
import { askIdentity, checkAge } from "./identity.js";
import type { CoreIdentity } from "./identity.js";

export interface FindCoreOptions {
  /** Value of `--core`: a path, or a name to be looked for on PATH. */
  readonly option?: string | undefined;
  readonly env: Environment;
  /** What a relative path in `option` or `AIRLOCK_CORE` is relative to. */
  readonly cwd: string;
}

/** The names looked for on PATH, first choice first. */
const NAMES = ["tofu", "terraform"] as const;
const INSTALL = "Install OpenTofu or Terraform, or name the binary with --core or AIRLOCK_CORE.";

/** The terraform or tofu binary that is driven. */
export class Core {
  /** Absolute path. */
  readonly path: string;
  readonly #env: Environment;
  #identity: Promise<CoreIdentity> | undefined;

  constructor(path: string, env: Environment) {
    this.path = path;
    this.#env = env;
  }

  /**
   * Which core it is, by its own word. Asked once, when it is first wanted. Rejects with `CoreError`: CORE_UNUSABLE
   * when it does not say, or is too old; CORE_NOT_EXECUTABLE. `signal` ends the asking.
   */
  identity(signal?: AbortSignal): Promise<CoreIdentity> {
    this.#identity ??= askIdentity(this.path, this.#env, signal).then((identity) => checkAge(this.path, identity));
    return this.#identity;
  }
}

/**
 * Finds core: by `--core`, then `AIRLOCK_CORE`, then `tofu` and `terraform` on PATH (absolute folders only). What was
 * named counts alone: nothing else is taken when it is missing. Does not start it. Rejects with `CoreError`:
 * CORE_NOT_FOUND, CORE_NOT_EXECUTABLE.
 */
export async function findCore({ option, env, cwd }: FindCoreOptions): Promise<Core> {
  if (option !== undefined) return new Core(await named(option, "--core", env, cwd), env);
  const variable = env["AIRLOCK_CORE"];
  if (variable !== undefined && variable !== "") return new Core(await named(variable, "AIRLOCK_CORE", env, cwd), env);
  let notAllowed: string | undefined;
  for (const name of NAMES) {
    const { found, passedOver } = await searchPath(programName(name), env["PATH"]);
    if (found !== undefined) return new Core(found, env);
    notAllowed ??= passedOver;
  }
  if (notAllowed !== undefined) throw notExecutable(notAllowed);
  throw new CoreError("CORE_NOT_FOUND", "neither tofu nor terraform is in an absolute folder of PATH", {
    remedy: INSTALL,
  });
}

/** The name of a program's file on this system. */
export function programName(name: string): string {
  return process.platform === "win32" && !name.toLowerCase().endsWith(".exe") ? `${name}.exe` : name;
}

async function named(value: string, by: string, env: Environment, cwd: string): Promise<string> {
  if (isAbsolute(value) || value.includes(sep) || value.includes("/")) return atPath(resolve(cwd, value), by);
  const { found, passedOver, folders } = await searchPath(programName(value), env["PATH"]);
  if (value !== "" && found !== undefined) return found;
  if (passedOver !== undefined) throw notExecutable(passedOver);
  throw new CoreError(
    "CORE_NOT_FOUND",
    `${by} names ${JSON.stringify(value)}, which is in none of the ${folders} absolute folders of PATH`,
    { remedy: `Give a path, such as ./${value}, or a name that is on PATH.` },
  );
}

async function atPath(path: string, by: string): Promise<string> {
  if (!(await isFile(path))) {
    throw new CoreError("CORE_NOT_FOUND", `${by} names ${path}, where there is no file`, { remedy: INSTALL });
  }
  if (!(await isExecutable(path))) throw notExecutable(path);
  return path;
}

function notExecutable(path: string): CoreError {
  return new CoreError("CORE_NOT_EXECUTABLE", `${path} may not be executed`, {
    remedy: `Make it executable (chmod +x ${path}), or name another with --core.`,
  });
}

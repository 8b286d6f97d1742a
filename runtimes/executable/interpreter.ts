import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";

/** `#!/usr/bin/env NAME`, with `-S` also arguments. */
const ENV_SHEBANG = /^#! *\/(?:usr\/)?bin\/env +(?:(-S) +)?([^\s=/-][^\s=/]*)([^\n]*)/;

/** What to start. */
export interface StartCommand {
  readonly program: string;
  readonly arguments: readonly string[];
  /** Absolute path of what runs the program; null for one that the system itself can run. */
  readonly interpreter: string | null;
}

/**
 * How to start a program whose first bytes are `head`. For `#!/usr/bin/env NAME` the interpreter is looked up here, on
 * the PATH of the host: the program's own environment holds only what was granted, so `env` would not find it there.
 */
export async function startCommand(
  path: string,
  head: string | null,
  searchPath: string | undefined,
): Promise<StartCommand> {
  const [, split, name, rest = ""] = ENV_SHEBANG.exec(head ?? "") ?? [];
  const asItIs = { program: path, arguments: [], interpreter: interpreterOf(head ?? "") };
  const more = rest.trim() === "" ? [] : rest.trim().split(/\s+/);
  // Without -S, `env` takes all that follows as one name; such a line works nowhere, and fails as it does anywhere.
  if (name === undefined || (split === undefined && more.length > 0)) return asItIs;
  const program = await programOnPath(name, searchPath);
  return program === null ? asItIs : { program, arguments: [...more, path], interpreter: program };
}

/** The interpreter that a shebang line names; null without one. */
export function interpreterOf(head: string): string | null {
  return /^#![ \t]*([^ \t\n]+)/.exec(head)?.[1] ?? null;
}

/** A program of this name in an absolute folder of a PATH; null without. */
export async function programOnPath(name: string, searchPath: string | undefined): Promise<string | null> {
  for (const folder of (searchPath ?? "").split(delimiter).filter(isAbsolute)) {
    const program = join(folder, name);
    if (await mayExecute(program)) return program;
  }
  return null;
}

/** Whether this user may execute it; a folder counts, too. */
export async function mayExecute(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

import { randomUUID } from "node:crypto";
import { access, constants, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { CliError } from "./cli-error.js";

/** CLI_OUTPUT. */
export function outputError(path: string, reason: string, cause?: unknown): CliError {
  return new CliError("CLI_OUTPUT", `the report cannot be written to ${path}: ${reason}`, {
    remedy: "Name a file in a folder that exists and that you may write to",
    cause,
  });
}

/** The file itself where the path is a link; a device or a folder is refused, because a rename would replace it. */
async function target(path: string): Promise<string> {
  let found;
  try {
    found = await stat(path);
  } catch {
    return path;
  }
  if (!found.isFile()) {
    throw outputError(path, "it exists and is no regular file");
  }
  return realpath(path);
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message.replace(/ '.*$/, "") : "writing failed";
}

/**
 * What will keep `writeOutput` from writing, as far as it shows beforehand: told before a run that takes long. Throws
 * `CliError` (CLI_OUTPUT).
 */
export async function checkOutput(path: string): Promise<void> {
  const folder = dirname(await target(path));
  try {
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw outputError(path, reasonOf(cause), cause);
  }
}

/** Writes a file whole or not at all: under another name first, then renamed. Throws `CliError` (CLI_OUTPUT). */
export async function writeOutput(path: string, text: string): Promise<void> {
  const final = await target(path);
  const temporary = `${final}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, text, { flag: "wx" });
    await rename(temporary, final);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw outputError(path, reasonOf(cause), cause);
  }
}

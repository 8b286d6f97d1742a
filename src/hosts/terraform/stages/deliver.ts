import { createReadStream, createWriteStream } from "node:fs";
import { chmod, copyFile, lstat, realpath, rename, rm, stat } from "node:fs/promises";
import type { Stats } from "node:fs";
import { pipeline } from "node:stream/promises";
import { errorCode } from "../../../base/error-code.js";

/**
 * Puts an accepted plan where the user wants it: whole or not at all, with the mode of a file that it takes the place
 * of, and behind a link. What is no file (`-out=/dev/null`, a pipe) is written into, as core does, and never replaced.
 */
export async function deliver(file: string, target: string): Promise<void> {
  const there = await orMissing(stat(target));
  const isLoose = there === undefined && (await orMissing(lstat(target))) !== undefined;
  if (isLoose || there?.isFile() === false) {
    await pipeline(createReadStream(file), createWriteStream(target));
    return;
  }
  await replace(file, there === undefined ? target : await realpath(target), there);
}

/**
 * Takes away the file that stands where a refused plan was wanted, and says whether there was one: core would have
 * replaced it, and whoever applies what has that name must not get another plan. What is no file stays.
 */
export async function withdraw(target: string): Promise<boolean> {
  const there = await orMissing(stat(target));
  if (there?.isFile() !== true) return false;
  await rm(await realpath(target), { force: true });
  return true;
}

async function replace(file: string, target: string, there: Stats | undefined): Promise<void> {
  const beside = `${target}.airlock-${process.pid}`;
  try {
    await copyFile(file, beside);
    if (there !== undefined) await chmod(beside, there.mode & 0o7777);
    await rename(beside, target);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

async function orMissing(stats: Promise<Stats>): Promise<Stats | undefined> {
  try {
    return await stats;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

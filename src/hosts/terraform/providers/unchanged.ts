import { lstat, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { errorCode } from "../../../base/error-code.js";
import { stampOf, stampText } from "./package-hash.js";
import { ProviderError } from "./provider-error.js";

/**
 * The state of a program and of the folder that it is in, as one string. Any write to the file, and any exchange of it,
 * of the folder or of the link to the folder by renaming gives another string, also when all is put back afterwards.
 * Rejects when one of them is not there.
 */
export async function programState(path: string): Promise<string> {
  const folder = dirname(path);
  const states = [stat(path, { bigint: true }), stat(folder, { bigint: true }), lstat(folder, { bigint: true })];
  return (await Promise.all(states)).map((stats) => stampText(stampOf(stats))).join(" ");
}

/**
 * Throws `ProviderError` PROVIDER_CHANGED unless the program has the state in which it was verified. Before a start
 * this keeps an exchanged program from running; after it, it tells of one that was exchanged in between.
 */
export async function checkUnchanged(path: string, source: string, verified: string): Promise<void> {
  let found: string;
  try {
    found = await programState(path);
  } catch (error) {
    found = errorCode(error) ?? "";
  }
  if (found === verified) return;
  throw new ProviderError(
    "PROVIDER_CHANGED",
    `${path}, the program of ${source}, was exchanged after it was verified`,
    {
      remedy: "Find out what writes there, then run: airlock init",
    },
  );
}

import { stat } from "node:fs/promises";
import { errorCode } from "../../../base/error-code.js";
import { stampOf, stampText } from "./package-hash.js";
import { ProviderError } from "./provider-error.js";
import type { VerifiedProgram } from "./verify.js";

/**
 * Throws `ProviderError` PROVIDER_CHANGED unless the file has the state in which it was verified. Before a start this
 * keeps an exchanged program from running; after it, it tells of one that was exchanged in between.
 */
export async function checkFile(path: string, source: string, program: VerifiedProgram): Promise<void> {
  let found: string;
  try {
    found = stampText(stampOf(await stat(path, { bigint: true })));
  } catch (error) {
    found = errorCode(error) ?? "unknown";
  }
  if (found !== stampText(program.stamp)) throw changed(path, source);
}

/**
 * The same of what a process really runs. Only Linux shows that; elsewhere, and for a script, nothing is checked.
 * Throws `ProviderError` PROVIDER_CHANGED.
 */
export async function checkProcess(pid: number, path: string, source: string, program: VerifiedProgram): Promise<void> {
  if (process.platform !== "linux" || program.isScript) return;
  let found: string;
  try {
    found = stampText(stampOf(await stat(`/proc/${pid}/exe`, { bigint: true })));
  } catch {
    // It has ended already, or forbids others to look.
    return;
  }
  if (found !== stampText(program.stamp)) throw changed(path, source);
}

function changed(path: string, source: string): ProviderError {
  return new ProviderError(
    "PROVIDER_CHANGED",
    `${path}, the program of ${source}, was exchanged after it was verified`,
    {
      remedy: "Find out what writes there, then run: airlock init",
    },
  );
}

import { open } from "node:fs/promises";
import { ProviderError } from "./provider-error.js";

/** ELF, Mach-O in all its forms, a script, and PE. */
const HEADS = [/^\x7fELF/, /^(?:\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe|\xca\xfe\xba\xbe)/, /^#!/, /^MZ/];

/**
 * Throws `ProviderError` PROVIDER_NOT_EXECUTABLE for a file that is no program by its first bytes: what the system does
 * not know, `execvp` hands to a shell, line by line. A file that cannot be read is left to the start.
 */
export async function checkProgram(path: string, source: string): Promise<void> {
  let head: string;
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
      head = buffer.subarray(0, bytesRead).toString("latin1");
    } finally {
      await file.close();
    }
  } catch {
    return;
  }
  if (HEADS.some((known) => known.test(head))) return;
  throw new ProviderError("PROVIDER_NOT_EXECUTABLE", `${path}, the program of ${source}, is no program`, {
    remedy: "Remove the folder that it is in, then run: airlock init",
  });
}

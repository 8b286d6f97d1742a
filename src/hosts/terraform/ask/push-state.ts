import { writeFile } from "node:fs/promises";
import { errorSummary } from "../core/error-summary.js";
import { MetadataError } from "../metadata/metadata-error.js";
import { Guard } from "../providers/guard.js";
import { RunFolder } from "../providers/run-folder.js";
import type { AskPlace } from "./place.js";

/**
 * Hands a changed state to core, which locks it, looks at lineage and serial, and writes it where it belongs. Throws
 * `MetadataError` METADATA_STATE with core's reason when it does not take it; nothing is changed then. Throws
 * `ProviderError` when there is no place for a temporary file.
 */
export async function pushState(place: AskPlace, state: Uint8Array): Promise<void> {
  const folder = await RunFolder.create();
  // A state holds secrets: whatever ends us, the guard removes the file.
  const { PATH } = place.io.env;
  const guard = await Guard.start(folder, PATH === undefined ? {} : { searchPath: PATH }).catch(
    async (error: unknown) => {
      await folder.remove();
      throw error;
    },
  );
  try {
    const file = folder.file("state");
    await writeFile(file, state, { mode: 0o600 });
    const { code, stdout } = await place.run(["state", "push", file], {
      withStderr: true,
      onStart: ({ pid }) => {
        guard.coreStarted(pid);
      },
    });
    if (code !== 0) throw refused(code, stdout);
  } finally {
    await folder.remove();
    await guard.done();
  }
}

function refused(code: number, said: Buffer): MetadataError {
  const reason = errorSummary(said.toString("utf8")) || `exit code ${code}`;
  return new MetadataError("METADATA_STATE", `core did not take the changed state, nothing was changed: ${reason}`, {
    remedy: "Somebody else may have written it, or holds its lock: try again. Where the backend refuses, mend that.",
  });
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

let folder: string | undefined;

/** One folder for the files of all inputs, gone with this process. */
export function scratch(): string {
  if (folder === undefined) {
    const made = mkdtempSync(join(tmpdir(), "airlock-fuzz-"));
    folder = made;
    process.once("exit", () => {
      rmSync(made, { recursive: true, force: true });
    });
  }
  return folder;
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

let folder: string | undefined;

/** One folder for the files of all inputs, until `removeScratch`. */
export function scratch(): string {
  return (folder ??= mkdtempSync(join(tmpdir(), "airlock-fuzz-")));
}

export function removeScratch(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  folder = undefined;
}

import { findCore } from "../../hosts/terraform/core/find-core.js";
import { MetadataStore } from "../../hosts/terraform/ask/store.js";
import type { StoredRow } from "../../hosts/terraform/metadata/read-metadata.js";
import type { CommandContext } from "../command.js";
import { liveIo } from "../live-io.js";
import { WorkLine } from "../work-line.js";
import { safeLine } from "../../base/neutralise.js";

/** Which core, and which root module; what every metadata command has. */
export interface PlaceOptions {
  readonly core?: string;
  readonly chdir?: string;
}

/** Opens the metadata of a root module for a command, and closes it behind it. */
export async function withStore<T>(
  { core, chdir }: PlaceOptions,
  { io }: CommandContext,
  command: (store: MetadataStore) => Promise<T> | T,
): Promise<T> {
  const found = await findCore({ option: core, env: io.env, cwd: io.cwd });
  const store = await MetadataStore.open(found, chdir, liveIo(io, new WorkLine(io.stderr)));
  try {
    return await command(store);
  } finally {
    await store.close();
  }
}

/** Says of which resources nothing can be told, on standard error. */
export function noteDamaged({ damaged }: Pick<MetadataStore, "damaged">, { io }: CommandContext): void {
  for (const { address } of damaged) {
    io.stderr.write(
      `airlock: ${safeLine(address)}: under Airlock's key stands what it did not write (METADATA_FOREIGN)\n`,
    );
  }
}

/** How an object is named to people. */
export function shownAddress({ address, deposed }: Pick<StoredRow, "address" | "deposed">): string {
  return safeLine(deposed === null ? address : `${address} (deposed object ${deposed})`);
}

/** One line for each thing that was done, or would be. */
export function tell({ io }: CommandContext, dryRun: boolean, lines: readonly string[]): void {
  io.stdout.write(lines.map((line) => `${dryRun ? "would " : ""}${line}\n`).join(""));
}

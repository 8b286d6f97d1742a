import type { Stored } from "../../hosts/terraform/metadata/entry.js";
import { matchesAny } from "../../hosts/terraform/metadata/address-pattern.js";
import { MetadataError } from "../../hosts/terraform/metadata/metadata-error.js";
import { orphansOf } from "../../hosts/terraform/metadata/orphans.js";
import { objectKey } from "../../hosts/terraform/metadata/read-metadata.js";
import type { MetadataStore } from "../../hosts/terraform/ask/store.js";
import { EXIT_CODES } from "../../report/exit-code.js";
import type { ExitCode } from "../../report/exit-code.js";
import { safeLine } from "../../base/neutralise.js";
import { CliError } from "../cli-error.js";
import type { CommandContext } from "../command.js";
import { selected } from "./list.js";
import { shownAddress, tell, withStore } from "./with-store.js";
import type { PlaceOptions } from "./with-store.js";

/** What `airlock metadata rm` is asked for. */
export interface RmOptions extends PlaceOptions {
  readonly integration?: string;
  readonly orphans: boolean;
  readonly damaged: boolean;
  readonly dryRun: boolean;
}

interface Removals {
  readonly changes: Map<string, Map<string, Stored | null>>;
  readonly lines: readonly string[];
}

function removalsOf(store: MetadataStore, patterns: readonly string[], options: RmOptions): Removals {
  const changes = new Map<string, Map<string, Stored | null>>();
  if (options.damaged) {
    const found = store.damaged.filter(({ address }) => matchesAny(patterns, address));
    for (const one of found) changes.set(objectKey(one), new Map());
    return { changes, lines: found.map((one) => `remove what is damaged of ${shownAddress(one)}`) };
  }
  const candidates = options.orphans ? orphansOf(store.rows, store.objects, store.declared) : store.rows;
  const rows = selected(candidates, patterns, options.integration);
  for (const row of rows) {
    const own = changes.get(objectKey(row)) ?? new Map<string, null>();
    changes.set(objectKey(row), own.set(row.integration, null));
  }
  const lines = rows.map((row) => `remove ${shownAddress(row)} ${safeLine(row.integration, 100)}`);
  return { changes, lines: [...new Set(lines)] };
}

/** Runs `airlock metadata rm`. Removes nothing at all where patterns find nothing. */
export async function runRm(
  patterns: readonly string[],
  options: RmOptions,
  context: CommandContext,
): Promise<ExitCode> {
  if (patterns.length === 0 && !options.orphans) {
    throw new CliError("CLI_USAGE", "rm wants to know of which addresses", {
      remedy: "Name one, a module, or '*' for all; or give --orphans.",
    });
  }
  if (options.damaged && (options.orphans || options.integration !== undefined)) {
    throw new CliError("CLI_USAGE", "--damaged goes with addresses alone: nobody knows whose it was");
  }
  return withStore(options, context, async (store) => {
    const { changes, lines } = removalsOf(store, patterns, options);
    if (changes.size === 0) {
      if (options.orphans) return EXIT_CODES.ok;
      throw new MetadataError("METADATA_ARGUMENTS", `nothing is stored for ${patterns.join(", ")}`, {
        remedy: "airlock metadata list shows what there is; in a shell, quote an address with brackets.",
      });
    }
    if (!options.dryRun) await store.change(changes, options.damaged ? "damaged" : "nothing");
    tell(context, options.dryRun, options.dryRun ? lines : lines.map((line) => line.replace(/^remove/, "removed")));
    return EXIT_CODES.ok;
  });
}

import type { JSONValue } from "@jmespath-community/jmespath";
import { matchesAny } from "../../hosts/terraform/metadata/address-pattern.js";
import { orphansOf } from "../../hosts/terraform/metadata/orphans.js";
import type { MetadataStore } from "../../hosts/terraform/ask/store.js";
import type { StoredRow } from "../../hosts/terraform/metadata/read-metadata.js";
import { EXIT_CODES } from "../../report/exit-code.js";
import type { ExitCode } from "../../report/exit-code.js";
import { renderListing } from "../../report/metadata-list.js";
import type { MetadataFormat } from "../../report/metadata-formats.js";
import type { CommandContext } from "../command.js";
import { useColor } from "../io.js";
import { noteDamaged, shownAddress, withStore } from "./with-store.js";
import type { PlaceOptions } from "./with-store.js";

/** What `airlock metadata list` is asked for. */
export interface ListOptions extends PlaceOptions {
  readonly integration?: string;
  readonly query?: string;
  readonly format: MetadataFormat;
  readonly orphans: boolean;
}

/** The rows that patterns and names let through. */
export function selected<Row extends StoredRow>(
  rows: readonly Row[],
  patterns: readonly string[],
  integration: string | undefined,
): readonly Row[] {
  return rows.filter((row) => {
    return matchesAny(patterns, row.address) && (integration === undefined || row.integration === integration);
  });
}

/** A row as it is printed and queried; the keys are a contract. */
function toItem(row: StoredRow & { readonly reason?: string }): JSONValue {
  const { address, deposed, integration, version, where, reason, data } = row;
  const own = { address, deposed, integration, version, where };
  // Read from JSON, and not changed since.
  return { ...own, ...(reason !== undefined && { reason }), data: data as JSONValue };
}

/** For people: the deposed key stands with the address, and is no column of its own. */
function forTable(row: StoredRow & { readonly reason?: string }): object {
  const { integration, version, where, reason, data } = row;
  return { address: shownAddress(row), integration, version, where, ...(reason !== undefined && { reason }), data };
}

function rowsOf(store: MetadataStore, orphans: boolean): readonly (StoredRow & { readonly reason?: string })[] {
  return orphans ? orphansOf(store.rows, store.objects, store.declared) : store.rows;
}

/** Runs `airlock metadata list`. */
export function runList(patterns: readonly string[], options: ListOptions, context: CommandContext): Promise<ExitCode> {
  const { io } = context;
  return withStore(options, context, async (store) => {
    const rows = selected(rowsOf(store, options.orphans), patterns, options.integration);
    noteDamaged(store, context);
    const view = { columns: io.stdout.isTTY ? io.stdout.columns : null, color: useColor(io.stdout, io.env) };
    if (options.query === undefined) {
      const items = options.format === "table" ? rows.map(forTable) : rows.map(toItem);
      io.stdout.write(renderListing(options.format, items, view));
    } else {
      const { runQuery } = await import("../../hosts/terraform/metadata/query.js");
      io.stdout.write(renderListing(options.format, runQuery(options.query, rows.map(toItem)), view));
    }
    return EXIT_CODES.ok;
  });
}

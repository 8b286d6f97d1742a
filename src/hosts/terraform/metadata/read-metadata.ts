import { BUILT_IN_PROVIDER } from "../configuration/provider-source.js";
import type { StateObject } from "../records/state-file.js";
import { NO_METADATA, readEntry } from "./entry.js";
import type { Stored, StoredMetadata } from "./entry.js";
import type { Sidecar } from "./sidecar.js";

/** What one integration stored about one object, and where that stands. */
export interface StoredRow extends Stored {
  /** Where the object stands in the state now, whatever was written beside the metadata. */
  readonly address: string;
  /** The key of a deposed object; null for the current one. */
  readonly deposed: string | null;
  readonly integration: string;
  readonly where: "state" | "sidecar";
}

/** An object under whose key of ours stands what we did not write, or what was damaged. */
export type Damaged = Pick<StateObject, "address" | "deposed">;

/** All that integrations stored, by address, then deposed key, then integration. */
export interface MetadataRead {
  readonly rows: readonly StoredRow[];
  readonly damaged: readonly Damaged[];
}

/** What tells objects of a state apart. */
export function objectKey({ address, deposed }: Damaged): string {
  return deposed === null ? address : `${address}\n${deposed}`;
}

/** Whether the state keeps metadata of it: core and data sources write their private bytes anew. */
export function keepsPrivate({ mode, provider }: Pick<StateObject, "mode" | "provider">): boolean {
  return mode === "managed" && provider?.source !== BUILT_IN_PROVIDER;
}

function rowsOf(at: Damaged, where: StoredRow["where"], metadata: StoredMetadata): StoredRow[] {
  return [...metadata].map(([integration, { version, data }]) => ({
    address: at.address,
    deposed: at.deposed,
    integration,
    version,
    where,
    data,
  }));
}

function compare(one: StoredRow, other: StoredRow): number {
  return (
    inOrder(one.address, other.address) ||
    inOrder(one.deposed ?? "", other.deposed ?? "") ||
    inOrder(one.integration, other.integration) ||
    inOrder(one.where, other.where)
  );
}

function inOrder(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** What stands in a state, and in the sidecar beside it. */
export function readMetadata(
  objects: readonly Pick<StateObject, "address" | "deposed" | "private">[],
  sidecar: Pick<Sidecar, "addresses" | "of"> | null,
): MetadataRead {
  const rows: StoredRow[] = [];
  const damaged: Damaged[] = [];
  for (const { address, deposed, private: bytes } of objects) {
    const found = readEntry(bytes);
    if (found.kind === "foreign") damaged.push({ address, deposed });
    if (found.kind === "entry") rows.push(...rowsOf({ address, deposed }, "state", found.entry.metadata));
  }
  for (const address of sidecar?.addresses ?? []) {
    rows.push(...rowsOf({ address, deposed: null }, "sidecar", sidecar?.of(address) ?? NO_METADATA));
  }
  return { rows: rows.sort(compare), damaged };
}

/** Metadata by `objectKey`; the state's counts where the sidecar has some of the same integration, too. */
export function byObject(rows: readonly StoredRow[]): ReadonlyMap<string, StoredMetadata> {
  const all = new Map<string, Map<string, Stored>>();
  for (const row of rows) {
    const key = objectKey(row);
    const own = all.get(key) ?? new Map<string, Stored>();
    if (row.where === "state" || !own.has(row.integration)) {
      own.set(row.integration, { version: row.version, data: row.data });
    }
    all.set(key, own);
  }
  return all;
}

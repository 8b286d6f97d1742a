import type { StateObject } from "../records/state-file.js";
import type { StoredRow } from "./read-metadata.js";

/** Why nobody will read what is stored. */
export const ORPHAN_REASONS = ["no such resource in the state", "integration is not declared"] as const;

export interface Orphan extends StoredRow {
  readonly reason: (typeof ORPHAN_REASONS)[number];
}

/**
 * What is stored for resources that the state no longer has, or by integrations that are no longer declared: `declared`
 * are the names of those that are.
 */
export function orphansOf(
  rows: readonly StoredRow[],
  objects: readonly Pick<StateObject, "address">[],
  declared: ReadonlySet<string>,
): readonly Orphan[] {
  const there = new Set(objects.map(({ address }) => address));
  const [gone, undeclared] = ORPHAN_REASONS;
  return rows.flatMap((row): Orphan[] => {
    if (!there.has(row.address)) return [{ ...row, reason: gone }];
    return declared.has(row.integration) ? [] : [{ ...row, reason: undeclared }];
  });
}

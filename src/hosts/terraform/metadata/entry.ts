import * as v from "valibot";
import { readPrivate, withoutPrivate, withPrivate } from "../tfplugin/private-entry.js";
import type { PrivateWrite } from "../tfplugin/private-entry.js";

/** What one integration stored about one resource instance. */
export interface Stored {
  /** The `metadata_version` of the integration that wrote it. */
  readonly version: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** By the name of the integration. */
export type StoredMetadata = ReadonlyMap<string, Stored>;

export const NO_METADATA: StoredMetadata = new Map();

/** Whether the same is stored. */
export function isSame(one: StoredMetadata, other: StoredMetadata): boolean {
  const text = (stored: StoredMetadata): string => JSON.stringify([...stored].sort(([a], [b]) => (a < b ? -1 : 1)));
  return one === other || text(one) === text(other);
}

/** What we keep in the private bytes of an object. */
export interface Entry {
  /** Tells objects apart that look the same, for as long as the entry lives. */
  readonly id: string | null;
  /** Where the object was when this was written; where it is now, the state says. */
  readonly address: string | null;
  readonly metadata: StoredMetadata;
}

/** What stands under our key. */
export type FoundEntry =
  | { readonly kind: "none" }
  | { readonly kind: "entry"; readonly entry: Entry }
  /** Damaged, edited, or written by somebody else: it stays where it is, and is reported. */
  | { readonly kind: "foreign" };

const NONE: Entry = { id: null, address: null, metadata: NO_METADATA };

/** Kept as it is: a schema of its members would drop what is named like a member of every object. */
export const StoredDataSchema = v.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
);
/** Unknown keys are tolerated, so that an older Airlock reads on; it drops them when it writes. */
const EntrySchema = v.looseObject({
  id: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(64))),
  address: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(4096))),
  metadata: v.optional(v.record(v.string(), StoredDataSchema)),
  /** Left out for those of version 0. */
  versions: v.optional(v.record(v.string(), v.pipe(v.number(), v.integer(), v.minValue(0)))),
});

/** By the very bytes, which nobody changes. */
const read = new WeakMap<Uint8Array, FoundEntry>();

/** Our entry in private bytes. Never throws. */
export function readEntry(privateBytes: Uint8Array): FoundEntry {
  const entry = read.get(privateBytes) ?? parseEntry(privateBytes);
  read.set(privateBytes, entry);
  return entry;
}

function parseEntry(privateBytes: Uint8Array): FoundEntry {
  const found = readPrivate(privateBytes);
  if (found.kind !== "entry") return found;
  const parsed = v.safeParse(EntrySchema, Array.isArray(found.entry) ? null : found.entry);
  if (!parsed.success) return { kind: "foreign" };
  const { id = null, address = null, metadata = {}, versions = {} } = parsed.output;
  const version = new Map(Object.entries(versions));
  const stored = Object.entries(metadata).map(
    ([name, data]) => [name, { version: version.get(name) ?? 0, data }] as const,
  );
  return { kind: "entry", entry: { id, address, metadata: new Map(stored) } };
}

/** Our entry, or one with nothing in it. */
export function entryIn(privateBytes: Uint8Array): Entry {
  const found = readEntry(privateBytes);
  return found.kind === "entry" ? found.entry : NONE;
}

/**
 * Private bytes with this entry in place of an earlier one, all else byte for byte; without a trace of ours when there is
 * nothing in it. `nowhere`: the bytes are no JSON object; `foreign`: what stands there is not ours.
 */
export function withEntry(privateBytes: Uint8Array, { id, address, metadata }: Entry): PrivateWrite {
  if (readEntry(privateBytes).kind === "foreign") return { kind: "foreign" };
  if (id === null && metadata.size === 0) return { kind: "stored", bytes: withoutPrivate(privateBytes) };
  const stored = [...metadata];
  const versions = stored.filter(([, { version }]) => version !== 0).map(([name, { version }]) => [name, version]);
  return withPrivate(privateBytes, {
    ...(id !== null && { id }),
    ...(address !== null && { address }),
    ...(stored.length > 0 && { metadata: Object.fromEntries(stored.map(([name, { data }]) => [name, data])) }),
    ...(versions.length > 0 && { versions: Object.fromEntries(versions) as unknown }),
  });
}

import * as v from "valibot";
import { NAME_PATTERN } from "../../../declare/declaration.js";
import { overBounds } from "../../../protocol/json.js";
import { parseAddress } from "../records/address.js";
import { NO_METADATA, StoredDataSchema } from "./entry.js";
import type { Stored, StoredMetadata } from "./entry.js";
import { MAX_EXPORT_BYTES, MAX_STORED_DEPTH } from "./limits.js";
import { MetadataError } from "./metadata-error.js";
import type { StoredRow } from "./read-metadata.js";
import { byObject } from "./read-metadata.js";
import { checkSize, parseJsonText } from "./stored-json.js";

const FORMAT = 1;
/** What stands around stored data. */
const LEVELS_AROUND = 5;

/** Metadata by address, as it goes from one state to another. */
export type Exported = ReadonlyMap<string, StoredMetadata>;

const ExportSchema = v.object({
  format: v.literal(FORMAT),
  /** Address, then integration. */
  metadata: v.record(
    v.pipe(
      v.string(),
      v.maxLength(4096),
      v.check((address) => parseAddress(address) !== null, "expected the address of a resource"),
    ),
    v.record(
      v.pipe(v.string(), v.regex(NAME_PATTERN)),
      v.object({ version: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0), data: StoredDataSchema }),
    ),
  ),
});

/** Those of current objects: a deposed one is about to go. */
export function exported(rows: readonly StoredRow[]): Exported {
  return byObject(rows.filter(({ deposed }) => deposed === null));
}

/** The value of an export file; addresses and names are in order, so that two can be compared by eye. */
export function toExportFile(metadata: Exported): object {
  const sorted = <T>(map: ReadonlyMap<string, T>): [string, T][] => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  const entries = sorted(metadata).map(([address, stored]) => [address, Object.fromEntries(sorted(stored))] as const);
  return { format: FORMAT, metadata: Object.fromEntries(entries) };
}

/** Reads one. Throws `MetadataError`: METADATA_ARGUMENTS, METADATA_TOO_LARGE. */
export function parseExportFile(bytes: Uint8Array, name: string, maxBytes = MAX_EXPORT_BYTES): Exported {
  if (bytes.length > maxBytes) {
    throw new MetadataError("METADATA_TOO_LARGE", `${name} holds ${bytes.length} bytes, at most ${maxBytes} are read`);
  }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
  if (overBounds(text, MAX_STORED_DEPTH + LEVELS_AROUND, Infinity) !== null) {
    throw new MetadataError("METADATA_TOO_LARGE", `${name} nests deeper than metadata can`);
  }
  const parsed = v.safeParse(ExportSchema, parseJsonText(text, name), { abortEarly: true });
  if (!parsed.success) {
    const place = v.getDotPath(parsed.issues[0]) ?? "its root";
    throw new MetadataError("METADATA_ARGUMENTS", `${name} is no export of metadata, at ${place}`, {
      remedy: "Make one with: airlock metadata export FILE",
    });
  }
  const all = new Map<string, StoredMetadata>();
  for (const [address, stored] of Object.entries(parsed.output.metadata)) {
    for (const [integration, { data }] of Object.entries(stored)) checkSize({ address, integration }, data);
    all.set(address, new Map(Object.entries(stored)));
  }
  return all;
}

/** How what one integration stored for one resource differs. */
export interface Difference {
  readonly address: string;
  readonly integration: string;
  readonly before: Stored | null;
  readonly after: Stored | null;
}

/** Whether two pieces of metadata say the same; the order of keys says nothing. */
export function isSame(one: Stored | null, other: Stored | null): boolean {
  return canonical(one) === canonical(other);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** What is other in `after`, in order of addresses and names. */
export function differences(before: Exported, after: Exported): readonly Difference[] {
  const addresses = [...new Set([...before.keys(), ...after.keys()])].sort();
  return addresses.flatMap((address) => {
    const [one, other] = [before.get(address) ?? NO_METADATA, after.get(address) ?? NO_METADATA];
    return [...new Set([...one.keys(), ...other.keys()])].sort().flatMap((integration) => {
      const pair = { before: one.get(integration) ?? null, after: other.get(integration) ?? null };
      return isSame(pair.before, pair.after) ? [] : [{ address, integration, ...pair }];
    });
  });
}

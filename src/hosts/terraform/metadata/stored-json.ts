import sjson from "secure-json-parse";
import * as v from "valibot";
import { formatSize } from "../../../base/size-text.js";
import { overBounds } from "../../../protocol/json.js";
import { StoredDataSchema } from "./entry.js";
import { MAX_STORED_BYTES, MAX_STORED_DEPTH } from "./limits.js";
import { MetadataError } from "./metadata-error.js";

/** What an integration is to have for a resource. */
export interface Owner {
  readonly address: string;
  readonly integration: string;
}

/** Throws `MetadataError` METADATA_TOO_LARGE for more than one integration may store for one resource. */
export function checkSize({ address, integration }: Owner, data: Readonly<Record<string, unknown>>): void {
  const text = JSON.stringify(data);
  const bytes = Buffer.byteLength(text);
  const what = `metadata of ${integration} for ${address}`;
  if (bytes > MAX_STORED_BYTES) {
    throw new MetadataError("METADATA_TOO_LARGE", `${what} takes ${bytes} bytes of ${formatSize(MAX_STORED_BYTES)}`, {
      address,
      integration,
      remedy: "Store less: figures and names, and what is large elsewhere.",
    });
  }
  if (overBounds(text, MAX_STORED_DEPTH, Infinity) !== null) {
    throw new MetadataError("METADATA_TOO_LARGE", `${what} nests deeper than ${MAX_STORED_DEPTH} levels`, {
      address,
      integration,
      remedy: "Store less deeply nested objects.",
    });
  }
}

/**
 * The metadata in text that somebody typed. Throws `MetadataError`: METADATA_ARGUMENTS when it is no JSON object or has
 * keys that reach into prototypes, METADATA_TOO_LARGE.
 */
export function parseStored(owner: Owner, text: string): Readonly<Record<string, unknown>> {
  if (overBounds(text, MAX_STORED_DEPTH, Infinity) !== null) {
    throw new MetadataError("METADATA_TOO_LARGE", `metadata nests deeper than ${MAX_STORED_DEPTH} levels`, owner);
  }
  const data = parseJsonText(text, "the metadata");
  const parsed = v.safeParse(StoredDataSchema, data);
  if (!parsed.success) {
    throw new MetadataError("METADATA_ARGUMENTS", "the metadata is no JSON object", {
      remedy: 'Write an object, such as {"owner":"me"}.',
    });
  }
  checkSize(owner, parsed.output);
  return parsed.output;
}

/** JSON that a person handed over. Throws `MetadataError` METADATA_ARGUMENTS; what it says quotes nothing of the text. */
export function parseJsonText(text: string, what: string): unknown {
  try {
    return sjson.parse(text, undefined, { protoAction: "error", constructorAction: "error" });
  } catch (cause) {
    throw new MetadataError("METADATA_ARGUMENTS", `${what} is not JSON, or has a key such as __proto__`, {
      cause,
      remedy: "Write JSON, e.g. with a program such as jq; quote it for your shell.",
    });
  }
}

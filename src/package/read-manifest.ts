import { join } from "node:path";
import sjson from "secure-json-parse";
import * as v from "valibot";
import { errorCode } from "../base/error-code.js";
import { remedyForUnknown } from "../base/nearest.js";
import { formatSize } from "../base/size-text.js";
import { overBounds } from "../protocol/json.js";
import { MAX_JSON_DEPTH, MAX_JSON_VALUES } from "../protocol/limits.js";
import { MANIFEST_FILE, ManifestSchema } from "./manifest.js";
import type { Manifest } from "./manifest.js";
import { PackageError } from "./package-error.js";
import { readBounded } from "./regular-file.js";

/** A manifest is small: what is larger is none. */
const MAX_MANIFEST_BYTES = 256 * 1024;
const MAX_SHOWN = 300;

/**
 * The manifest of a folder, or null when it has none. Size and nesting first, then JSON without keys that reach into
 * prototypes, then the schema. Throws `PackageError` PACKAGE_MANIFEST_INVALID (which names the key at fault) or PACKAGE_UNREADABLE.
 */
export async function readManifest(folder: string): Promise<Manifest | null> {
  const path = join(folder, MANIFEST_FILE);
  let bytes: Uint8Array;
  try {
    bytes = await readBounded(path, MAX_MANIFEST_BYTES);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    if (error instanceof PackageError && error.code === "PACKAGE_TOO_LARGE") throw invalid(path, error.message, error);
    throw error;
  }
  return parseManifest(path, bytes);
}

/**
 * The manifest that these bytes are; `path` is what messages call it. The checks are those of `readManifest`. Throws
 * `PackageError` PACKAGE_MANIFEST_INVALID.
 */
export function parseManifest(path: string, bytes: Uint8Array): Manifest {
  if (bytes.length > MAX_MANIFEST_BYTES) throw invalid(path, `is over ${formatSize(MAX_MANIFEST_BYTES)}`);
  return checkManifest(path, parse(path, bytes));
}

function parse(path: string, bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw invalid(path, "is not UTF-8", cause);
  }
  // Its config_schema goes through code that recurses, in this process and in the sandbox host.
  const over = overBounds(text, MAX_JSON_DEPTH, MAX_JSON_VALUES);
  if (over === "depth") throw invalid(path, `nests deeper than ${MAX_JSON_DEPTH} levels`);
  if (over === "values") throw invalid(path, `holds more than ${MAX_JSON_VALUES} values`);
  try {
    return sjson.parse(text, undefined, { protoAction: "error", constructorAction: "error" }) as unknown;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw invalid(path, `is not JSON that can be used: ${why}`, cause);
  }
}

function checkManifest(path: string, value: unknown): Manifest {
  const parsed = v.safeParse(ManifestSchema, value);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const at = v.getDotPath(issue);
  const key = issue.path?.at(-1)?.key;
  // valibot reports a key that a strict object does not know as one of which nothing was expected.
  if (issue.type === "strict_object" && issue.expected === "never" && typeof key === "string") {
    const known = at === key ? Object.keys(ManifestSchema.entries) : knownGrants();
    throw invalid(path, `has the unknown key ${JSON.stringify(at)}`, undefined, remedyForUnknown(key, known));
  }
  throw invalid(path, at === null ? issue.message : `at ${at}: ${issue.message}`);
}

/** The only other strict object of a manifest. */
function knownGrants(): string[] {
  return Object.keys(ManifestSchema.entries.wanted_grants.wrapped.entries);
}

function invalid(path: string, what: string, cause?: unknown, remedy?: string): PackageError {
  const shown = what.replace(/\p{Cc}/gu, " ").slice(0, MAX_SHOWN);
  const message = shown.startsWith(path) ? shown : `${path} ${shown}`;
  return new PackageError("PACKAGE_MANIFEST_INVALID", message, {
    remedy: remedy ?? "Correct the manifest.",
    ...(cause === undefined ? {} : { cause }),
  });
}

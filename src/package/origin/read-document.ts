import sjson from "secure-json-parse";
import * as v from "valibot";
import { safeLine } from "../../base/neutralise.js";
import { overBounds } from "../../protocol/json.js";
import { MAX_JSON_DEPTH } from "../../protocol/limits.js";
import { RegistryError } from "./registry-error.js";

/** A list of 10,000 versions has 50,000. */
const MAX_VALUES = 200_000;
const MAX_SHOWN = 200;

/**
 * A JSON document of a registry: UTF-8, nesting and count of values, no keys that reach into prototypes, then the schema. Throws
 * `RegistryError` REGISTRY_RESPONSE_INVALID that names `place` and what is wrong there.
 */
export function readDocument<T>(bytes: Uint8Array, schema: v.GenericSchema<unknown, T>, place: string): T {
  const parsed = v.safeParse(schema, parse(bytes, place));
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const at = v.getDotPath(issue);
  throw invalid(place, at === null ? issue.message : `at ${at}: ${issue.message}`);
}

/** Bytes as a JSON value. Throws as `readDocument` does. */
export function parse(bytes: Uint8Array, place: string): unknown {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw invalid(place, "it is not UTF-8", cause);
  }
  if (text.trimStart().startsWith("<")) {
    throw invalid(place, "it is a page of HTML: this is no registry, or something in between wants a login");
  }
  const over = overBounds(text, MAX_JSON_DEPTH, MAX_VALUES);
  if (over !== null) throw invalid(place, "it holds too much, or is nested too deep");
  try {
    return sjson.parse(text, undefined, { protoAction: "error", constructorAction: "error" }) as unknown;
  } catch (cause) {
    throw invalid(place, `it is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
}

/** REGISTRY_RESPONSE_INVALID. */
export function invalid(place: string, what: string, cause?: unknown): RegistryError {
  return new RegistryError(
    "REGISTRY_RESPONSE_INVALID",
    `${place} does not answer as a registry does: ${safeLine(what, MAX_SHOWN)}`,
    { remedy: "Check the source. If it is right, tell those who run the host.", cause },
  );
}

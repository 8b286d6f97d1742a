import * as v from "valibot";
import type { SourceLocation } from "../protocol/airlock-error.js";
import { GrantsSchema, NO_GRANTS } from "../protocol/grants.js";
import { HOOKS } from "../protocol/hooks.js";
import { VERDICT_LIMITS } from "../protocol/limits.js";

/** What a broken integration can mean for the run. */
export const ON_ERROR = ["fail", "warn"] as const;

/** How much an executable is to be isolated from the machine; js and wasm guests always are. */
export const ISOLATIONS = ["required", "best-effort", "none"] as const;

/** The longest time a call, or loading, may be given: 1 hour, in ms. */
export const MAX_TIMEOUT_MS = 3_600_000;
/** The most memory that can be given: 4 GiB, the address space of a wasm module. */
export const MAX_MEMORY_BYTES = 4 * 1024 ** 3;
/** The largest message that can be allowed: 256 MiB, in bytes; the longest string of JavaScript is not far above. */
export const MAX_MESSAGE_BYTES = 256 * 1024 ** 2;

/** The most metadata of one resource that can be allowed: what a verdict holds. */
export const MAX_METADATA_BYTES = VERDICT_LIMITS.metadataLength;

function positive(max: number) {
  return v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(max));
}

/** An integration's name: the label of its block, and the key of its metadata. */
export const NAME_PATTERN = /^(?!(?:__proto__|constructor|prototype)$)[A-Za-z_][A-Za-z0-9_-]{0,63}$/;

/** What a user wrote in one `integration` block; also what an embedding program hands to `createRuntime`. */
export const IntegrationDeclarationSchema = v.strictObject({
  name: v.pipe(v.string(), v.regex(NAME_PATTERN, "letters, digits, _ and -, starting with a letter or _, 64 at most")),
  scope: v.optional(v.picklist(["project", "provider"]), "project"),
  /** The provider configuration it is declared under, e.g. `aws` or `aws.eu`; only with scope `provider`. */
  provider: v.optional(v.string()),
  /** Where the package is, a path or a source on another machine; absent = a program named `airlock-integration-NAME` on PATH. */
  source: v.optional(v.pipe(v.string(), v.minLength(1))),
  /** Which versions may be installed, in Terraform's form; only with a source that has versions. */
  version: v.optional(v.string()),
  /** Whether a package that nobody signed may be installed; only with a source on another machine. */
  unsigned: v.optional(v.boolean(), false),
  config: v.optional(v.record(v.string(), v.unknown()), {}),
  /** Wall time of one call, ms. */
  timeoutMs: v.optional(positive(MAX_TIMEOUT_MS)),
  /** Wall time of loading and `initialize`, ms. */
  initializeTimeoutMs: v.optional(positive(MAX_TIMEOUT_MS)),
  memoryBytes: v.optional(positive(MAX_MEMORY_BYTES)),
  messageBytes: v.optional(positive(MAX_MESSAGE_BYTES)),
  /** What it may attach to one resource, in bytes of JSON. */
  metadataBytes: v.optional(positive(MAX_METADATA_BYTES)),
  /** What a broken integration means for the run. */
  onError: v.optional(v.picklist(ON_ERROR), "fail"),
  /** Only these hooks, of those that the integration asks for; absent = all. */
  hooks: v.optional(v.array(v.picklist(HOOKS))),
  /** Only resources whose type matches one of these globs; absent = all. */
  resources: v.optional(v.array(v.string())),
  /** Names of integrations that must have answered first. */
  after: v.optional(v.array(v.string()), []),
  grants: v.optional(GrantsSchema, NO_GRANTS),
  /** `best-effort`: as far as this machine can. */
  isolation: v.optional(v.picklist(ISOLATIONS), "best-effort"),
  /** The folder that a relative source starts from. */
  directory: v.string(),
  location: v.optional(v.custom<SourceLocation>((value) => typeof value === "object" && value !== null)),
});

/** A declaration as written: optional parts may be absent. */
export type IntegrationDeclarationInput = v.InferInput<typeof IntegrationDeclarationSchema>;

/** A declaration with every default filled in. */
export type IntegrationDeclaration = v.InferOutput<typeof IntegrationDeclarationSchema>;

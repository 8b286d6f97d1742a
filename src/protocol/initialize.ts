import * as v from "valibot";
import { GrantsSchema } from "./grants.js";
import { HOOKS } from "./hooks.js";
import { INITIALIZE_LIMITS, MAX_NAME_LENGTH } from "./limits.js";

/** The version of the protocol that this package speaks. */
export const PROTOCOL_VERSION = 1;

const NamedVersionSchema = v.object({ name: v.string(), version: v.string() });

/** What the host tells a guest first. */
export const InitializeParamsSchema = v.object({
  protocol_version: v.literal(PROTOCOL_VERSION),
  host: NamedVersionSchema,
  /** The terraform or tofu that is driven; null when none is (offline). */
  core: v.nullable(NamedVersionSchema),
  integration: v.object({
    name: v.string(),
    scope: v.picklist(["project", "provider"]),
    provider: v.optional(v.string()),
  }),
  config: v.record(v.string(), v.unknown()),
  grants: GrantsSchema,
  /** The values of the granted environment variables that are set. */
  environment: v.record(v.string(), v.string()),
});
export type InitializeParams = v.InferOutput<typeof InitializeParamsSchema>;

const ShortTextSchema = v.pipe(v.string(), v.maxLength(MAX_NAME_LENGTH));

/** What a guest says of itself. */
export const InitializeResultSchema = v.object({
  name: ShortTextSchema,
  version: ShortTextSchema,
  /** Checked by hand first, so that another number gets its own error. */
  protocol_version: v.number(),
  hooks: v.pipe(v.array(v.picklist(HOOKS)), v.maxLength(INITIALIZE_LIMITS.hooks)),
  /** Globs over resource types; absent = all. */
  resource_types: v.optional(
    v.pipe(
      v.array(v.pipe(v.string(), v.maxLength(INITIALIZE_LIMITS.resourceTypeLength))),
      v.maxLength(INITIALIZE_LIMITS.resourceTypes),
    ),
  ),
  /** The guest keeps nothing between calls, so it may run in several instances. */
  stateless: v.optional(v.boolean(), false),
  metadata_version: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
});
export type InitializeResult = v.InferOutput<typeof InitializeResultSchema>;

import * as v from "valibot";
import type { AirlockError } from "./airlock-error.js";
import { DATA_HOOKS, PROVIDER_HOOKS, RESOURCE_HOOKS, STAGE_HOOKS } from "./hooks.js";
import type { ProviderHook, ResourceHook, StageHook } from "./hooks.js";

/**
 * A path into a resource's value: attribute names and indexes from the outside in, the form of the plan JSON's
 * `replace_paths` (https://developer.hashicorp.com/terraform/internals/json-format#change-representation).
 */
export const PathSchema = v.array(v.union([v.string(), v.pipe(v.number(), v.integer(), v.minValue(0))]));
export type Path = v.InferOutput<typeof PathSchema>;

/** What happens to a resource, as one word. */
export const ACTIONS = ["create", "update", "delete", "replace", "read", "no-op"] as const;
export type Action = (typeof ACTIONS)[number];

/** The run that an event belongs to. */
export const RunSchema = v.object({
  /** One command of ours, from start to exit. */
  id: v.string(),
  /** `check`, later `plan`, `apply`, … */
  command: v.string(),
  workspace: v.string(),
});
export type Run = v.InferOutput<typeof RunSchema>;

const ProviderRefSchema = v.object({
  /** The provider's source address, e.g. `registry.opentofu.org/hashicorp/aws`. */
  source: v.string(),
  alias: v.nullable(v.string()),
});

/** Attached data by integration name, then whatever that integration attached. */
const MetadataSchema = v.record(v.string(), v.record(v.string(), v.unknown()));

const resourceIdentity = {
  mode: v.picklist(["managed", "data"]),
  type: v.string(),
  name: v.string(),
  /** The key of `count` or `for_each`; null without either. */
  index: v.nullable(v.union([v.string(), v.number()])),
  /** The module's address, e.g. `module.site["blue"]`; null for the root module. */
  module: v.nullable(v.string()),
  provider: ProviderRefSchema,
  action: v.picklist(ACTIONS),
  /** The value before and after, in the plan JSON's form; null where there is none. */
  before: v.unknown(),
  after: v.unknown(),
  /** `true` at every place of `after` that is known only after apply, in the plan JSON's form. */
  after_unknown: v.unknown(),
  /** Where values were replaced by tokens; see `isSensitive`. */
  sensitive: v.array(PathSchema),
};

/** Params of every hook of one resource or data source. */
export const ResourceParamsSchema = v.object({
  run: RunSchema,
  /** null while the address is not known yet; then `address_candidates` holds those it can be. */
  address: v.nullable(v.string()),
  address_candidates: v.optional(v.array(v.string())),
  ...resourceIdentity,
  /** The configuration's expressions for this resource, in the plan JSON's form; null where unknown. */
  config: v.unknown(),
  metadata: MetadataSchema,
});
export type ResourceParams = v.InferOutput<typeof ResourceParamsSchema>;

/** One resource of the whole view that `*-stage-complete` hooks get. */
export const ResourceViewSchema = v.object({ address: v.string(), ...resourceIdentity, metadata: MetadataSchema });
export type ResourceView = v.InferOutput<typeof ResourceViewSchema>;

/** Params of every stage hook; the whole view only on `*-stage-complete`. */
export const StageParamsSchema = v.object({
  run: RunSchema,
  resources: v.optional(v.array(ResourceViewSchema)),
});
export type StageParams = v.InferOutput<typeof StageParamsSchema>;

/** Params of every hook of one provider configuration. */
export const ProviderParamsSchema = v.object({
  run: RunSchema,
  provider: ProviderRefSchema,
  config: v.unknown(),
  sensitive: v.array(PathSchema),
});
export type ProviderParams = v.InferOutput<typeof ProviderParamsSchema>;

/** Params of `migrate-metadata`. */
export const MigrationParamsSchema = v.object({
  run: RunSchema,
  /** null while the address is not known yet. */
  address: v.nullable(v.string()),
  type: v.string(),
  /** The `metadata_version` that the data was stored with, and the one that the integration has now. */
  from: v.pipe(v.number(), v.integer(), v.minValue(0)),
  to: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** What the integration itself stored. */
  metadata: v.record(v.string(), v.unknown()),
});
export type MigrationParams = v.InferOutput<typeof MigrationParamsSchema>;

/** What the host knows of a resource's stored metadata beside what guests see of it. */
export interface StoredInfo {
  /** The `metadata_version` that each integration's data was stored with; 0 for those not named. */
  readonly versions: ReadonlyMap<string, number>;
  /** Why nothing can be stored for this resource; null where it can. */
  readonly refusal: AirlockError | null;
}

/** What every event may have beside its params. */
interface EventText {
  /**
   * The params as JSON text, for a host that has it: what JSON.stringify would make of them, but for the order of names. Throws an
   * `AirlockError` where they cannot be sent.
   */
  readonly text?: () => string;
}

/** One occurrence of a hook with its data. */
export type AirlockEvent = EventText &
  (
    | { readonly hook: ResourceHook; readonly params: ResourceParams; readonly stored?: StoredInfo }
    | { readonly hook: StageHook; readonly params: StageParams }
    | { readonly hook: ProviderHook; readonly params: ProviderParams }
  );

const RESOURCE_OR_DATA: ReadonlySet<string> = new Set([...RESOURCE_HOOKS, ...DATA_HOOKS]);

/** Whether an event is of one resource or data source. */
export function isResourceEvent(event: AirlockEvent): event is Extract<AirlockEvent, { hook: ResourceHook }> {
  return RESOURCE_OR_DATA.has(event.hook);
}

/** The schema of the params that belong to each hook; also the source of the JSON Schema files. */
export const PARAMS_SCHEMAS = {
  resource: { hooks: [...RESOURCE_HOOKS, ...DATA_HOOKS], schema: ResourceParamsSchema },
  stage: { hooks: STAGE_HOOKS, schema: StageParamsSchema },
  provider: { hooks: PROVIDER_HOOKS, schema: ProviderParamsSchema },
} as const;

import * as v from "valibot";

/**
 * The parts of the plan JSON that are used (https://developer.hashicorp.com/terraform/internals/json-format).
 * Unknown keys are tolerated, as that format asks; values of resources are taken as they are.
 */

/** An object as its entries: valibot's `record` drops the keys `constructor` and `prototype`, which are legal names here. */
function entriesOf<Schema extends v.GenericSchema>(schema: Schema) {
  return v.nullish(
    v.pipe(
      v.custom<object>((value) => typeof value === "object" && value !== null && !Array.isArray(value), "an object"),
      v.transform((value) => Object.entries(value) as [string, unknown][]),
      v.array(v.tuple([v.string(), schema])),
    ),
    {},
  );
}

/** Older versions write `null` where newer ones leave a list out. */
function listOf<Schema extends v.GenericSchema>(schema: Schema) {
  return v.nullish(v.array(schema), []);
}

const IndexSchema = v.nullish(v.union([v.string(), v.number()]), null);

const ChangeSchema = v.object({
  actions: v.array(v.string()),
  before: v.optional(v.unknown(), null),
  after: v.optional(v.unknown(), null),
  after_unknown: v.optional(v.unknown(), null),
  before_sensitive: v.optional(v.unknown()),
  after_sensitive: v.optional(v.unknown()),
});

export const ResourceChangeSchema = v.object({
  address: v.string(),
  /** The key of a deposed object, which has the address of the current one. */
  deposed: v.optional(v.string()),
  module_address: v.nullish(v.string(), null),
  mode: v.optional(v.string(), "managed"),
  type: v.string(),
  name: v.string(),
  index: IndexSchema,
  provider_name: v.optional(v.string(), ""),
  change: ChangeSchema,
});
export type ResourceChange = v.InferOutput<typeof ResourceChangeSchema>;

export const StateResourceSchema = v.object({
  address: v.string(),
  /** The key of a deposed object, which has the address of the current one. */
  deposed_key: v.optional(v.string()),
  mode: v.optional(v.string(), "managed"),
  type: v.string(),
  name: v.string(),
  index: IndexSchema,
  provider_name: v.optional(v.string(), ""),
  values: v.optional(v.unknown(), null),
  sensitive_values: v.optional(v.unknown()),
});
export type StateResource = v.InferOutput<typeof StateResourceSchema>;

/** A module of `planned_values` or of the prior state. */
export interface StateModule {
  readonly address?: string | undefined;
  readonly resources: readonly StateResource[];
  readonly child_modules: readonly StateModule[];
}

const StateModuleSchema: v.GenericSchema<unknown, StateModule> = v.object({
  address: v.optional(v.string()),
  resources: listOf(StateResourceSchema),
  child_modules: listOf(v.lazy(() => StateModuleSchema)),
});

const ValuesSchema = v.object({
  outputs: entriesOf(v.object({ sensitive: v.optional(v.boolean(), false), value: v.optional(v.unknown()) })),
  root_module: v.optional(StateModuleSchema),
});
export type Values = v.InferOutput<typeof ValuesSchema>;

export const ConfigResourceSchema = v.looseObject({
  address: v.string(),
  provider_config_key: v.optional(v.string()),
});
export type ConfigResource = v.InferOutput<typeof ConfigResourceSchema>;

const ConfigVariableSchema = v.object({
  sensitive: v.optional(v.boolean(), false),
  default: v.optional(v.unknown()),
});

const ConfigOutputSchema = v.object({
  sensitive: v.optional(v.boolean(), false),
  expression: v.optional(v.unknown()),
});

/** A module of the configuration: the expressions as written. */
export interface ConfigModule {
  readonly resources: readonly ConfigResource[];
  readonly variables: readonly (readonly [string, v.InferOutput<typeof ConfigVariableSchema>])[];
  readonly outputs: readonly (readonly [string, v.InferOutput<typeof ConfigOutputSchema>])[];
  readonly module_calls: readonly (readonly [string, ConfigModuleCall])[];
}

/** A `module` block; `expressions` are the arguments. */
export interface ConfigModuleCall {
  readonly expressions: readonly (readonly [string, unknown])[];
  readonly module?: ConfigModule | undefined;
}

const ConfigModuleSchema: v.GenericSchema<unknown, ConfigModule> = v.object({
  resources: listOf(ConfigResourceSchema),
  variables: entriesOf(ConfigVariableSchema),
  outputs: entriesOf(ConfigOutputSchema),
  module_calls: entriesOf(
    v.object({ expressions: entriesOf(v.unknown()), module: v.optional(v.lazy(() => ConfigModuleSchema)) }),
  ),
});

/** The plan JSON, as far as it is used. */
export const PlanSchema = v.object({
  format_version: v.string(),
  terraform_version: v.optional(v.string()),
  errored: v.optional(v.boolean(), false),
  variables: entriesOf(v.object({ value: v.optional(v.unknown()) })),
  planned_values: v.optional(ValuesSchema),
  prior_state: v.optional(v.object({ values: v.optional(ValuesSchema) })),
  resource_drift: listOf(ResourceChangeSchema),
  resource_changes: listOf(ResourceChangeSchema),
  output_changes: entriesOf(v.omit(ChangeSchema, ["actions", "after_unknown"])),
  configuration: v.optional(
    v.object({
      provider_config: entriesOf(v.object({ alias: v.optional(v.string()) })),
      root_module: v.optional(ConfigModuleSchema),
    }),
  ),
});
export type PlanDocument = v.InferOutput<typeof PlanSchema>;

/** The JSON of a state as `show -json` writes it, as far as it is used. */
export const StateJsonSchema = v.object({ values: v.optional(ValuesSchema) });

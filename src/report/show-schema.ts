import * as v from "valibot";

const count = (text: string) => v.pipe(v.number(), v.integer(), v.minValue(0), v.description(text));

const StoredSchema = v.pipe(
  v.record(v.string(), v.record(v.string(), v.unknown())),
  v.description("what integrations stored, by the name of the integration; left out where there is nothing"),
);

const ObjectSchema = v.looseObject({ address: v.string(), integration_metadata: v.optional(StoredSchema) });
const ObjectsSchema = v.optional(v.array(ObjectSchema));

interface Module {
  readonly resources?: readonly v.InferOutput<typeof ObjectSchema>[] | undefined;
  readonly child_modules?: readonly Module[] | undefined;
}

const ModuleSchema: v.GenericSchema<Module> = v.looseObject({
  resources: ObjectsSchema,
  child_modules: v.optional(v.array(v.lazy(() => ModuleSchema))),
});

const ValuesSchema = v.optional(v.looseObject({ root_module: v.optional(ModuleSchema) }));

/** The contract of `airlock show -json`: core's own JSON, and our keys in it; docs/schemas holds it as JSON Schema. */
export const ShowSchema = v.pipe(
  v.looseObject({
    format_version: v.pipe(v.string(), v.description("core's, of its own JSON")),
    values: v.pipe(ValuesSchema, v.description("of a state")),
    planned_values: v.pipe(ValuesSchema, v.description("of a plan")),
    prior_state: v.optional(v.looseObject({ values: ValuesSchema })),
    resource_changes: ObjectsSchema,
    resource_drift: ObjectsSchema,
    integration_metadata: v.optional(
      v.pipe(
        v.object({
          resources: count("resources of the state, or of the plan's changes, for which something is stored"),
          integrations: v.pipe(
            v.record(v.string(), v.object({ resources: count("those for which it stored something") })),
            v.description("by the name of the integration"),
          ),
        }),
        v.description("left out where nothing is stored at all"),
      ),
    ),
  }),
  v.title("Output of airlock show -json"),
);

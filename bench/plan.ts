import { PROVIDER, RESOURCE_TYPE, isTagged, resourceValues } from "./resources.js";

/** JSON of the values of one resource of a generated plan, in bytes. */
export const RESOURCE_BYTES = 1_024;
/** Of ten resources, so many are created, and so many of the others updated; the rest stays as it is. */
const CREATED_OF_TEN = 7;
const UPDATED_OF_TEN = 2;

/**
 * The JSON of a plan of `count` resources in pieces, each a string; together they are what `terraform show -json`
 * writes: planned values, changes with what is known only after apply, and the configuration.
 */
export function* planJson(count: number): Generator<string, void, undefined> {
  yield '{"format_version":"1.2","terraform_version":"1.12.6","planned_values":{"root_module":{"resources":[';
  yield* list(count, plannedValue);
  yield ']}},"resource_changes":[';
  yield* list(count, resourceChange);
  yield '],"configuration":{"provider_config":{"aws":{"name":"aws","full_name":';
  yield `${JSON.stringify(PROVIDER)}}},"root_module":{"resources":[`;
  yield* list(count, configuration);
  yield '],"variables":{"ami":{},"size":{"default":"t3.micro"}}}},"errored":false}\n';
}

function* list(count: number, item: (index: number) => unknown): Generator<string, void, undefined> {
  for (let index = 0; index < count; index++) yield `${index === 0 ? "" : ","}${JSON.stringify(item(index))}`;
}

function identity(index: number) {
  const name = `app_${index}`;
  return {
    address: `${RESOURCE_TYPE}.${name}`,
    mode: "managed",
    type: RESOURCE_TYPE,
    name,
    provider_name: PROVIDER,
  };
}

function values(index: number): Record<string, unknown> {
  return resourceValues(index, isTagged(index), RESOURCE_BYTES);
}

function plannedValue(index: number): unknown {
  return { ...identity(index), schema_version: 1, values: values(index), sensitive_values: { tags: {} } };
}

function resourceChange(index: number): unknown {
  const after = values(index);
  const place = index % 10;
  const created = place < CREATED_OF_TEN;
  const updated = !created && place < CREATED_OF_TEN + UPDATED_OF_TEN;
  return {
    ...identity(index),
    change: {
      actions: [created ? "create" : updated ? "update" : "no-op"],
      before: created ? null : { ...after, ...(updated && { instance_type: "t2.nano" }) },
      after,
      after_unknown: created ? { arn: true, id: true, private_ip: true, tags: {} } : {},
      before_sensitive: created ? false : { tags: {} },
      after_sensitive: { tags: {} },
    },
  };
}

function configuration(index: number): unknown {
  return {
    ...identity(index),
    provider_config_key: "aws",
    schema_version: 1,
    expressions: {
      ami: { references: ["var.ami"] },
      instance_type: { references: ["var.size"] },
      tags: { constant_value: { environment: "production" } },
    },
  };
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { packageRoot } from "./package-root.js";

const REAL_PLAN = "integrations/demo/plan.json";
/** What the values of one resource take, each time that a plan holds them, in bytes. */
const VALUE_BYTES = 1_800;

const ValuesSchema = v.nullable(v.record(v.string(), v.unknown()));
const ChangeSchema = v.looseObject({
  address: v.string(),
  mode: v.string(),
  type: v.string(),
  name: v.string(),
  provider_name: v.string(),
  module_address: v.optional(v.string()),
  change: v.looseObject({
    before: ValuesSchema,
    after: ValuesSchema,
    before_sensitive: v.unknown(),
    after_sensitive: v.unknown(),
  }),
});
type Change = v.InferOutput<typeof ChangeSchema>;
const PlanSchema = v.looseObject({ resource_changes: v.array(ChangeSchema) });

/** How the resources of a list differ. */
type Make = (kind: Change, index: number) => unknown;

/**
 * The JSON of a plan of `count` resources in pieces, each a string: instances of the resources that a real plan changes, with its
 * actions, marks and secret, and the rest of that plan as it is. The values of each stand where a plan has them: in `planned_values`,
 * before and after the change, and in the prior state; some 5 kB in all.
 */
export function* scaledPlan(count: number): Generator<string, void, undefined> {
  const real = v.parse(PlanSchema, JSON.parse(readFileSync(join(packageRoot(), REAL_PLAN), "utf8")));
  const kinds = real.resource_changes;
  const lists: Record<string, Make> = {
    planned_values: ({ change, ...kind }, index) => held(kind, index, change.after, change.after_sensitive),
    resource_changes: ({ change, ...kind }, index) => ({
      ...identity(kind, index),
      change: { ...change, before: filled(change.before, index), after: filled(change.after, index) },
    }),
    prior_state: ({ change, ...kind }, index) => held(kind, index, change.before, change.before_sensitive),
  };
  let separator = "{";
  for (const [name, part] of Object.entries(real)) {
    const make = lists[name];
    yield `${separator}${JSON.stringify(name)}:`;
    separator = ",";
    if (make === undefined) yield JSON.stringify(part);
    else if (name === "resource_changes") yield* instances(kinds, count, make);
    else if (name === "planned_values") yield* inModule("", "", instances(kinds, count, make));
    else yield* inModule('{"format_version":"1.0","values":', "}", instances(kinds, count, make));
  }
  yield "}\n";
}

function* inModule(before: string, after: string, resources: Iterable<string>): Generator<string, void, undefined> {
  yield `${before}{"root_module":{"resources":`;
  yield* resources;
  yield `}}${after}`;
}

function* instances(kinds: readonly Change[], count: number, make: Make): Generator<string, void, undefined> {
  for (let index = 0; index < count; index++) {
    const kind = kinds[index % kinds.length];
    if (kind !== undefined) yield `${index === 0 ? "[" : ","}${JSON.stringify(make(kind, index))}`;
  }
  yield "]";
}

function identity(kind: Pick<Change, "address">, index: number): object {
  return { ...kind, address: `${kind.address.replace(/\[[^\]]*\]$/, "")}[${index}]`, index };
}

function held(
  kind: Pick<Change, "address">,
  index: number,
  values: Change["change"]["after"],
  sensitive: unknown,
): object {
  return { ...identity(kind, index), schema_version: 1, values: filled(values, index), sensitive_values: sensitive };
}

/** Values of the size that those of real resources have, and of no two the same. */
function filled(values: Change["change"]["after"], index: number): object | null {
  if (values === null) return null;
  const ports = Array.from({ length: 8 }, (_, at) => ({
    cidr: `10.${index % 256}.${at}.0/24`,
    from: at,
    to: 8_000 + index + at,
  }));
  const bare = JSON.stringify({ ...values, ports, description: "" }).length;
  const words = `resource ${index} of a large configuration; `;
  return {
    ...values,
    ports,
    description: words.repeat(Math.ceil(VALUE_BYTES / words.length)).slice(0, Math.max(0, VALUE_BYTES - bare)),
  };
}

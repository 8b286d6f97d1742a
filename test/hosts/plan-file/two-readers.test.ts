import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePlan } from "../../../src/hosts/plan-file/parse-plan.js";
import { PlanError } from "../../../src/hosts/plan-file/plan-error.js";
import { viewPlan } from "../../../src/hosts/plan-file/plan-view.js";
import type { PlannedResource } from "../../../src/hosts/plan-file/planned-resource.js";
import { SecretSet } from "../../../src/hosts/sensitive/secret-set.js";
import { MAX_JSON_DEPTH } from "../../../src/protocol/limits.js";
import { change, planFile, RUN } from "./plans.js";

const METADATA = { other: { seen: 1 } };
const TOKENS = /\(sensitive value ([0-9a-z+-]+):[0-9a-f]{24}\)/g;

/** Tokens of two runs differ in their digits alone. */
function comparable(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replace(TOKENS, "(sensitive value $1)"));
}

function told(resources: readonly PlannedResource[]): unknown[] {
  return resources.flatMap((one) => [one.params(RUN, "pre", METADATA), one.params(RUN, "post", {})]);
}

/** What each reader makes of a plan; of one that is none, that it is none. */
function byValues(bytes: Buffer): unknown {
  try {
    const { drift, data, managed, whole, notices } = viewPlan(
      parsePlan(bytes, "plan", MAX_JSON_DEPTH),
      new SecretSet(),
    );
    const resources = new Set([...managed, ...data].map(({ address }) => address)).size;
    return comparable({
      lists: [drift, data, managed].map(told),
      whole: whole.map((one) => one.view({})),
      notices,
      resources,
    });
  } catch (error) {
    if (error instanceof PlanError) return "no plan";
    throw error;
  }
}

function byText(bytes: Buffer): unknown {
  try {
    const plan = planFile(bytes);
    const events = (list: typeof plan.drift): unknown[] =>
      [...list].flatMap((listed) => {
        const one = listed.open();
        const both = [
          one.event("pre-plan-resource", RUN, "pre", METADATA),
          one.event("post-plan-resource", RUN, "post", {}),
        ];
        for (const { text, params } of both) {
          if (text !== undefined) expect(JSON.parse(text())).toEqual(JSON.parse(JSON.stringify(params)));
          if (text !== undefined) expect(text()).not.toMatch(/[\r\n]/);
        }
        return both.map(({ text, params }) => (text === undefined ? params : (JSON.parse(text()) as unknown)));
      });
    const lists = [plan.drift, plan.data, plan.managed].map(events);
    const whole = [...plan.whole].map((listed) => JSON.parse(listed.open().viewText({})) as unknown);
    const { notices, resources } = plan.contents;
    return comparable({ lists, whole, notices, resources });
  } catch (error) {
    if (error instanceof PlanError) return "no plan";
    throw error;
  }
}

const SECRETS = ["hunter2-very-secret", 'a"b\\c<>&-secret', "pässwörd-long", "abc", "1234567"];
const text = fc.oneof(
  fc.constantFrom(
    ...SECRETS,
    "(sensitive value",
    "(x",
    "aws",
    "",
    "long-hunter2-very-secret-inside",
    "\ud800",
    "line\nbreak",
  ),
  fc.string({ unit: "grapheme" }),
);
const scalar = fc.oneof(
  text,
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom(0, -0, 1.5, 1e21, 1234567, -7, 12345678901234567890),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(text, tie("value"), { maxKeys: 3 }),
  ),
}));
const object = fc.dictionary(
  fc.oneof(fc.constantFrom("tags", "before", "change", "__proto__", "constructor"), text),
  value,
  { maxKeys: 4 },
);
const marks = fc.oneof(
  fc.constant({}),
  fc.constant(false),
  fc.constant(true),
  fc.dictionary(fc.constantFrom("tags", "before"), fc.constant(true)),
  object,
);
const address = fc.constantFrom(
  "aws_vm.a",
  "aws_vm.b",
  "module.m.aws_vm.a",
  "data.aws_ami.x",
  'module.m["k"].aws_vm.c',
);
const changes = fc.array(
  fc.record({ address, actions: fc.constantFrom(["create"], ["update"], ["no-op"], ["read"], ["delete"], ["open"]), before: fc.oneof(fc.constant(null), object), after: fc.oneof(fc.constant(null), object), marks, deposed: fc.constantFrom(undefined, "4f2a") }),
  { maxLength: 4 },
).map((all) => all.map((one) => change(one.address, [...one.actions], one.before, one.after, { deposed: one.deposed, module_address: one.address.includes("module") ? one.address.replace(/\.aws_vm.*$/, "") : undefined, change: { before_sensitive: one.marks, after_sensitive: one.marks } }))); // prettier-ignore
const held = fc.record({ address, values: fc.oneof(fc.constant(null), object), sensitive_values: marks }).map((one) => ({
  ...one, mode: one.address.startsWith("data.") ? "data" : "managed", type: "aws_vm", name: "a", provider_name: "x/y/z",
})); // prettier-ignore
const root = fc.record({ resources: fc.array(held, { maxLength: 3 }) });
const block = fc.record({ address: fc.constantFrom("aws_vm.a", "aws_vm.b", "data.aws_ami.x"), provider_config_key: fc.constantFrom("aws", "aws.eu", "m:aws.us"), expressions: object }); // prettier-ignore
const module = fc.record({ resources: fc.array(block, { maxLength: 3 }) });
const plans = fc.record({
  planned_values: fc.record({ root_module: root }),
  resource_drift: changes,
  resource_changes: changes,
  variables: fc.dictionary(fc.constantFrom("a", "b"), fc.record({ value })),
  output_changes: fc.dictionary(
    fc.constantFrom("o"),
    fc.record({ actions: fc.constant(["create"]), after: value, after_sensitive: marks }),
  ),
  prior_state: fc.record({ values: fc.record({ root_module: root }) }),
  configuration: fc.record({
    root_module: module.chain((one) =>
      module.map((inner) => ({
        ...one,
        variables: { a: { sensitive: true } },
        module_calls: { m: { module: inner } },
      })),
    ),
  }),
});
const written = fc.tuple(plans, fc.constantFrom(undefined, 2), fc.boolean()).map(([plan, indent, isReversed]) => {
  const entries = Object.entries({ format_version: "1.2", ...plan });
  return Buffer.from(JSON.stringify(Object.fromEntries(isReversed ? entries.reverse() : entries), null, indent));
});

describe("a plan read as text", () => {
  it("is what it is as values, whatever is in it", () => {
    fc.assert(fc.property(written, (bytes) => { expect(byText(bytes)).toEqual(byValues(bytes)); }), { numRuns: 60 }); // prettier-ignore
  });

  it("is none where it is none as values, whatever the fault", () => {
    const DEMO = readFileSync(join(import.meta.dirname, "../../../integrations/demo/plan.json"));
    const faulty = fc.tuple(
      fc.nat(DEMO.length - 1),
      fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('{}[]:,"\\0e \n'))),
    );
    fc.assert(fc.property(fc.array(faulty, { maxLength: 3 }), (edits) => {
      const bytes = Buffer.from(DEMO);
      for (const [at, byte] of edits) bytes[at] = byte;
      expect(byText(bytes)).toEqual(byValues(bytes));
    }), { numRuns: 60 }); // prettier-ignore
  });

  it("is what it is as values in every plan of the repository", () => {
    const folder = join(import.meta.dirname, "../../..");
    const found = ["integrations", "test"].flatMap((part) =>
      readdirSync(join(folder, part), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith("plan.json") && !name.includes("node_modules"))
        .map((name) => join(folder, part, name))
        .filter((path) => statSync(path).isFile()),
    );
    expect(found.length).toBeGreaterThan(0);
    for (const path of found) expect(byText(readFileSync(path)), path).toEqual(byValues(readFileSync(path)));
  });
});

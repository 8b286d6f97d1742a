import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { PLAN_ERROR_CODES, PlanError } from "../../../src/hosts/plan-file/plan-error.js";
import { change, planEvents, planFile, planJson, RUN } from "../../hosts/plan-file/plans.js";
import { orNamed } from "../expected-error.js";
import { mutated } from "../mutated.js";
import { fuzzTarget } from "../target.js";

const DEMO = readFileSync(join(import.meta.dirname, "../../../integrations/demo/plan.json"));
const SECRET = "a-secret-that-no-event-may-hold";
/** Small, so that most changes hit something; with a secret that its own marks hide. */
const SMALL = planJson({
  resource_changes: [
    change(
      'module.a["b"].x_thing.web[0]',
      ["update"],
      { a: 1, s: SECRET, l: [{ k: null }] },
      { a: 2, s: SECRET },
      {
        module_address: 'module.a["b"]',
        index: 0,
        change: { before_sensitive: { s: true }, after_sensitive: { s: true }, after_unknown: { l: [{ k: true }] } },
      },
    ),
    change("data.x_read.d", ["read"], null, { v: 1 }),
  ],
  prior_state: { values: { root_module: { resources: [], child_modules: [{ address: "module.a" }] } } },
  configuration: {
    root_module: { resources: [{ address: "x_thing.web", expressions: { a: { constant_value: 2 } } }] },
  },
});
const SMALL_BYTES = Buffer.from(SMALL);

export const plan = fuzzTarget({
  name: "plan",
  rule: "any bytes of a plan are events that JSON can hold, or a PlanError",
  testRuns: 200,
  inputs: fc.oneof({ weight: 4, arbitrary: mutated([SMALL_BYTES]) }, { weight: 1, arbitrary: mutated([DEMO]) }),
  kept: [],
  holds: (bytes) => {
    const document = orNamed({ type: PlanError, codes: PLAN_ERROR_CODES }, () => {
      return planFile(bytes);
    });
    if (document === null) return;
    for (const event of planEvents(document, RUN)) {
      const text = JSON.stringify(event) + (event.text?.() ?? "");
      if (bytes.equals(SMALL_BYTES) && text.includes(SECRET)) throw new Error("an event holds the secret");
    }
  },
});

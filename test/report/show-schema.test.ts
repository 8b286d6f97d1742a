import { Validator } from "@cfworker/json-schema";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const schema = JSON.parse(readFileSync("docs/schemas/show.schema.json", "utf8")) as object;
const validator = new Validator(schema, "2020-12", false);
const isValid = (document: unknown): boolean => validator.validate(document).valid;

const resource = (stored: unknown) => ({ address: "a.b", values: {}, integration_metadata: stored });
const values = (one: unknown) => ({ root_module: { resources: [one], child_modules: [{ resources: [one] }] } });
const SUMMARY = { resources: 1, integrations: { cost: { resources: 1 } } };
const GOOD = resource({ cost: { monthly: 1 } });

describe("the schema of show -json", () => {
  it.each([
    ["a state", { format_version: "1.0", values: values(GOOD), integration_metadata: SUMMARY }],
    [
      "a plan",
      {
        format_version: "1.2",
        planned_values: values(GOOD),
        prior_state: { values: values(GOOD) },
        resource_changes: [GOOD],
        integration_metadata: SUMMARY,
      },
    ],
    ["what core prints alone", { format_version: "1.0" }],
  ])("takes %s", (_what, document) => {
    expect(isValid(document)).toBe(true);
  });

  it.each([
    ["metadata of a resource that is no object", { format_version: "1.0", values: values(resource([])) }],
    [
      "metadata of an integration that is no object",
      { format_version: "1.0", resource_changes: [resource({ cost: 1 })] },
    ],
    [
      "it in a module",
      { format_version: "1.0", values: { root_module: { child_modules: [{ resources: [resource(1)] }] } } },
    ],
    ["a summary without counts", { format_version: "1.0", integration_metadata: {} }],
    ["no format", { integration_metadata: SUMMARY }],
  ])("refuses %s", (_what, document) => {
    expect(isValid(document)).toBe(false);
  });
});

import { collectMarked } from "../sensitive/marks.js";
import type { SecretSet } from "../sensitive/secret-set.js";
import type { ConfigModule, PlanDocument, ResourceChange, StateModule, Values } from "./plan-schema.js";

function collectChange(change: Omit<ResourceChange["change"], "actions" | "after_unknown">, secrets: SecretSet): void {
  collectMarked(change.before, change.before_sensitive, secrets);
  collectMarked(change.after, change.after_sensitive, secrets);
}

function collectModuleValues(module: StateModule, secrets: SecretSet): void {
  for (const resource of module.resources) {
    collectMarked(resource.values, resource.sensitive_values, secrets);
  }
  for (const child of module.child_modules) {
    collectModuleValues(child, secrets);
  }
}

function collectValues(values: Values | undefined, secrets: SecretSet): void {
  for (const [, output] of values?.outputs ?? []) {
    collectMarked(output.value, output.sensitive, secrets);
  }
  if (values?.root_module !== undefined) {
    collectModuleValues(values.root_module, secrets);
  }
}

/** The constant of an expression; anything else in it is a reference, which is no value. */
function constantOf(expression: unknown): unknown {
  return typeof expression === "object" && expression !== null && "constant_value" in expression
    ? expression.constant_value
    : null;
}

function collectConfiguration(module: ConfigModule, secrets: SecretSet): void {
  for (const [, variable] of module.variables) {
    collectMarked(variable.default, variable.sensitive, secrets);
  }
  for (const [, output] of module.outputs) {
    collectMarked(constantOf(output.expression), output.sensitive, secrets);
  }
  for (const [, call] of module.module_calls) {
    const sensitive = new Set(
      call.module?.variables.filter(([, variable]) => variable.sensitive).map(([name]) => name),
    );
    for (const [name, expression] of call.expressions) {
      collectMarked(constantOf(expression), sensitive.has(name), secrets);
    }
    if (call.module !== undefined) {
      collectConfiguration(call.module, secrets);
    }
  }
}

/** Takes every value that a plan marks as sensitive, wherever it does: resources, data, outputs, variables. */
export function collectSecrets(plan: PlanDocument, secrets: SecretSet): void {
  for (const { change } of [...plan.resource_changes, ...plan.resource_drift]) {
    collectChange(change, secrets);
  }
  for (const [, change] of plan.output_changes) {
    collectChange(change, secrets);
  }
  collectValues(plan.planned_values, secrets);
  collectValues(plan.prior_state?.values, secrets);
  const root = plan.configuration?.root_module;
  if (root !== undefined) {
    collectConfiguration(root, secrets);
    const sensitive = new Set(root.variables.filter(([, variable]) => variable.sensitive).map(([name]) => name));
    for (const [name, variable] of plan.variables) {
      collectMarked(variable.value, sensitive.has(name), secrets);
    }
  }
}

import { fail, finding, isUnknownAt, success, warn } from "airlock-guest-sdk";
import type { Action, Finding, Path, Verdict } from "airlock-guest-sdk";
import { matchesGlob } from "./glob.js";
import type { Rule } from "./rules.js";

/** The parts of an event that the rules look at. */
export interface Resource {
  readonly type: string;
  readonly action: Action;
  readonly after: unknown;
  readonly after_unknown: unknown;
}

interface Place {
  readonly path: Path;
  readonly value: unknown;
}

/** Judges what a resource will be by every rule for its type. A deleted resource will be nothing. */
export function judge(resource: Resource, rules: readonly Rule[]): Verdict {
  if (resource.action === "delete" || resource.after === null) return success();
  const broken: { rule: Rule; finding: Finding }[] = [];
  const later: Finding[] = [];
  for (const rule of rules) {
    if (!matchesGlob(resource.type, rule.type)) continue;
    for (const { path, value } of places(resource.after, rule.path)) {
      if (isUnknownAt(resource, path)) {
        const message = `${rule.message} (known only after apply)`;
        later.push(finding({ rule: rule.name, severity: "info", message, path }));
      } else if (!(value === undefined || value === null ? rule.test.absentHolds : rule.test.holds(value))) {
        const { name, severity, message } = rule;
        broken.push({ rule, finding: finding({ rule: name, severity, message, path }) });
      }
    }
  }
  const findings = [...broken.map((one) => one.finding), ...later];
  const names = [...new Set(findings.map((one) => one.rule))].join(", ");
  if (broken.some(({ rule }) => rule.severity !== "info" && rule.severity !== "low")) {
    return fail(`broken rules: ${names}`, { findings });
  }
  return findings.length === 0 ? success() : warn(`rules to look at: ${names}`, { findings });
}

/** The places that a path stands for; one with an undefined value where there is nothing. */
function places(after: unknown, steps: readonly string[]): Place[] {
  let found: Place[] = [{ path: [], value: after }];
  for (const step of steps) found = found.flatMap((place) => descend(place, step));
  return found;
}

function descend({ path, value }: Place, step: string): Place[] {
  const isContainer = typeof value === "object" && value !== null;
  if (step === "*") {
    if (!isContainer) return [];
    return Object.entries(value).map(([key, inner]: [string, unknown]) => ({
      path: [...path, keyOf(value, key)],
      value: inner,
    }));
  }
  const inner: unknown = isContainer && Object.hasOwn(value, step) ? Reflect.get(value, step) : undefined;
  return [{ path: [...path, keyOf(value, step)], value: inner }];
}

/** Indexes of lists are numbers in a finding's path. */
function keyOf(container: unknown, key: string): string | number {
  return Array.isArray(container) && /^\d{1,9}$/.test(key) ? Number(key) : key;
}

import { ConfigError, isRecord } from "airlock-guest-sdk";
import type { Severity } from "airlock-guest-sdk";
import { OPERATORS } from "./operators.js";
import type { Test } from "./operators.js";

const SEVERITIES: readonly Severity[] = ["info", "low", "medium", "high", "critical"];

/** A rule that has been read: its operator is bound to its value. */
export interface Rule {
  readonly name: string;
  /** Glob over resource types: `*` and `?`. */
  readonly type: string;
  /** `*` stands for every element or every key. */
  readonly path: readonly string[];
  readonly test: Test;
  readonly severity: Severity;
  readonly message: string;
}

/** Reads the rules of a configuration; throws `ConfigError` naming the rule and its fault. */
export function readRules(raw: unknown): readonly Rule[] {
  if (!Array.isArray(raw)) throw new ConfigError("rules must be a list");
  return raw.map((rule: unknown, index) => readRule(rule, `rules[${index}]`));
}

function readRule(raw: unknown, place: string): Rule {
  if (!isRecord(raw)) throw new ConfigError(`${place} must be a map`);
  const { name, type, path, operator, value, severity = "medium", message } = raw;
  if (typeof name !== "string") throw new ConfigError(`${place}.name must be a string`);
  if (typeof type !== "string") throw new ConfigError(`${place}.type must be a glob over resource types`);
  const known = SEVERITIES.find((one) => one === severity);
  if (known === undefined) throw new ConfigError(`${place}.severity must be one of ${SEVERITIES.join(", ")}`);
  const bind = typeof operator === "string" ? OPERATORS.get(operator) : undefined;
  if (bind === undefined) throw new ConfigError(`${place}.operator must be one of ${[...OPERATORS.keys()].join(", ")}`);
  const test = bind(value);
  if (typeof test === "string") throw new ConfigError(`${place}.value ${test}`);
  const steps = readPath(path, place);
  const text = typeof message === "string" ? message : `${steps.join(".")} must be: ${test.says}`;
  return { name, type, path: steps, test, severity: known, message: text };
}

/** `tags.owner`, or `["tags", "kubernetes.io/owner"]` where a name has a dot in it. */
function readPath(path: unknown, place: string): string[] {
  if (typeof path === "string" && path !== "") return path.split(".");
  if (Array.isArray(path) && path.every((step) => typeof step === "string" || typeof step === "number")) {
    return path.map(String);
  }
  throw new ConfigError(`${place}.path must be dotted text or a list of names and indexes`);
}

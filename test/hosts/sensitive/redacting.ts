import * as marks from "../../../src/hosts/sensitive/marks.js";
import * as redact from "../../../src/hosts/sensitive/redact.js";
import { SecretSet } from "../../../src/hosts/sensitive/secret-set.js";

/** The object that all values of these tests belong to. */
const OBJECT = "a_thing.one";

export function secrets(...values: unknown[]): SecretSet {
  const set = new SecretSet();
  for (const value of values) set.add(value);
  return set;
}

export function redactValue(value: unknown, marked: unknown, set: SecretSet) {
  return redact.redactValue(value, marked, set, OBJECT);
}

export function redactConfig(config: object, marked: readonly unknown[], set: SecretSet) {
  return redact.redactConfig(config, marked, set, OBJECT);
}

export function redactMarked(value: unknown, marked: unknown) {
  return marks.redactMarked(value, marked, new SecretSet().tokens, { object: OBJECT, path: [] });
}

import { ConfigError, fail, finding, isRecord, isUnknownAt, success, valueAt, warn } from "airlock-guest-sdk";
import type { Action, Finding, Verdict } from "airlock-guest-sdk";

const RULE = "required-tags";

export interface Config {
  readonly requiredTags: readonly string[];
  readonly attribute: string;
}

/** The parts of an event that the policy looks at. */
export interface Resource {
  readonly action: Action;
  readonly after: unknown;
  readonly after_unknown: unknown;
}

export function readConfig(raw: Record<string, unknown>): Config {
  const { required_tags: tags, attribute = "tags" } = raw;
  if (!Array.isArray(tags) || !tags.every((tag) => typeof tag === "string")) {
    throw new ConfigError("required_tags must be a list of strings");
  }
  if (typeof attribute !== "string") throw new ConfigError("attribute must be a string");
  return { requiredTags: tags, attribute };
}

/**
 * Judges one planned resource. Only what is about to be written is looked at, and only where the resource has the
 * attribute at all: a resource without `tags` in its schema cannot be tagged.
 */
export function judge(resource: Resource, { requiredTags, attribute }: Config): Verdict {
  if (resource.action !== "create" && resource.action !== "update" && resource.action !== "replace") return success();
  const unknown = isUnknownAt(resource, [attribute]);
  const tags = valueAt(resource, [attribute]);
  if (!unknown && tags === undefined) return success();
  if (!unknown && tags !== null && !isRecord(tags)) {
    const message = `"${attribute}" is not a map of tags`;
    return warn(message, { findings: [finding({ rule: RULE, severity: "low", message, path: [attribute] })] });
  }
  const missing: string[] = [];
  const later: string[] = [];
  const findings: Finding[] = [];
  for (const tag of requiredTags) {
    const path = [attribute, tag];
    if (isUnknownAt(resource, path)) {
      later.push(tag);
      findings.push(finding({ rule: RULE, severity: "low", message: `tag "${tag}" is known only after apply`, path }));
    } else if (isEmpty(valueAt(resource, path))) {
      missing.push(tag);
      findings.push(finding({ rule: RULE, message: `tag "${tag}" is missing`, path }));
    }
  }
  if (missing.length > 0) return fail(`missing tags: ${missing.join(", ")}`, { findings });
  if (later.length > 0) return warn(`tags known only after apply: ${later.join(", ")}`, { findings });
  return success();
}

/** A tag without a value is a missing tag. */
function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

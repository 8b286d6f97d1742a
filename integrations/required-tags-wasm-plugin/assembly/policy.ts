// The policy itself: the same decisions, in the same words, as integrations/required-tags/src/policy.ts.

import { Json, Kind, member, quote } from "./json";

const RULE = "required-tags";

export class Config {
  requiredTags: string[] = [];
  attribute: string = "tags";
}

/** Reads the configuration into `into`; the text says what is wrong with it, "" when nothing is. */
export function readConfig(raw: Json, into: Config): string {
  const tags = raw.get("required_tags");
  if (tags == null || !tags.isList()) return "required_tags must be a list of strings";
  for (let at = 0; at < tags.items.length; at += 1) {
    if (!tags.items[at].isString()) return "required_tags must be a list of strings";
    into.requiredTags.push(tags.items[at].text);
  }
  const attribute = raw.get("attribute");
  if (attribute == null) return "";
  if (!attribute.isString()) return "attribute must be a string";
  into.attribute = attribute.text;
  return "";
}

/** Judges one planned resource; the answer is the verdict as JSON. */
export function judge(event: Json, config: Config): string {
  const action = event.get("action");
  if (action == null) return success();
  if (action.text != "create" && action.text != "update" && action.text != "replace") return success();

  const unknown = event.get("after_unknown");
  const after = event.get("after");
  const attribute = config.attribute;
  const unknownTags = member(unknown, attribute);
  const allUnknown = isTrue(unknown) || isTrue(unknownTags);
  const tags = member(after, attribute);
  if (!allUnknown) {
    if (tags == null) return success();
    if (tags.kind != Kind.Null && !tags.isRecord()) {
      const message = '"' + attribute + '" is not a map of tags';
      return verdict("warn", message, [finding("low", message, "[" + quote(attribute) + "]")]);
    }
  }

  const missing: string[] = [];
  const later: string[] = [];
  const findings: string[] = [];
  for (let at = 0; at < config.requiredTags.length; at += 1) {
    const tag = config.requiredTags[at];
    const path = "[" + quote(attribute) + "," + quote(tag) + "]";
    if (allUnknown || isTrue(member(unknownTags, tag))) {
      later.push(tag);
      findings.push(finding("low", 'tag "' + tag + '" is known only after apply', path));
    } else if (isEmpty(member(tags, tag))) {
      missing.push(tag);
      findings.push(finding("medium", 'tag "' + tag + '" is missing', path));
    }
  }
  if (missing.length > 0) return verdict("fail", "missing tags: " + missing.join(", "), findings);
  if (later.length > 0) return verdict("warn", "tags known only after apply: " + later.join(", "), findings);
  return success();
}

function isTrue(value: Json | null): bool {
  return value != null && value.kind == Kind.True;
}

/** A tag without a value is a missing tag. */
function isEmpty(value: Json | null): bool {
  return value == null || value.kind == Kind.Null || (value.isString() && value.text.length == 0);
}

function success(): string {
  return verdict("success", "", []);
}

function verdict(status: string, message: string, findings: string[]): string {
  return '{"status":"' + status + '","message":' + quote(message) + ',"findings":[' + findings.join(",") + "]}";
}

function finding(severity: string, message: string, path: string): string {
  const start = '{"rule":"' + RULE + '","severity":"' + severity + '","message":' + quote(message);
  return start + ',"path":' + path + "}";
}

import * as v from "valibot";
import { PathSchema } from "./events.js";

export const STATUSES = ["success", "warn", "fail"] as const;
export type Status = (typeof STATUSES)[number];

export const SEVERITIES = ["info", "low", "medium", "high", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** One message inside a verdict. */
export const FindingSchema = v.object({
  /** The rule's own name, e.g. `required-tags`. */
  rule: v.string(),
  severity: v.optional(v.picklist(SEVERITIES), "medium"),
  message: v.string(),
  /** Where in the resource; absent for the resource as a whole. */
  path: v.optional(PathSchema),
  /** A page that explains the rule. */
  url: v.optional(v.string()),
});
export type Finding = v.InferOutput<typeof FindingSchema>;

/** A JSON object; valibot's `record` alone takes an array, too. */
const ObjectSchema = v.pipe(
  v.unknown(),
  v.check((value) => !Array.isArray(value), "Invalid type: Expected Object but received Array"),
  v.record(v.string(), v.unknown()),
);

/** A guest's answer to one event. Unknown keys are dropped. */
export const VerdictSchema = v.object({
  status: v.picklist(STATUSES),
  message: v.optional(v.string(), ""),
  findings: v.optional(v.array(FindingSchema), []),
  /** Kept under the integration's name; null clears what it attached before. */
  metadata: v.optional(v.nullable(ObjectSchema)),
});
export type Verdict = v.InferOutput<typeof VerdictSchema>;

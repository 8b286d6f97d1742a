import * as v from "valibot";
import { PathSchema } from "./events.js";
import { overBounds } from "./json.js";
import { MAX_JSON_VALUES, VERDICT_LIMITS } from "./limits.js";

/** What a guest can say of an event. */
export const STATUSES = ["success", "warn", "fail"] as const;
export type Status = (typeof STATUSES)[number];

/** How grave a finding is, least first. It does not count for the status. */
export const SEVERITIES = ["info", "low", "medium", "high", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

const text = (maxLength: number) => v.pipe(v.string(), v.maxLength(maxLength));

/** One message inside a verdict. */
export const FindingSchema = v.object({
  /** The rule's own name, e.g. `required-tags`. */
  rule: text(VERDICT_LIMITS.ruleLength),
  severity: v.optional(v.picklist(SEVERITIES), "medium"),
  message: text(VERDICT_LIMITS.messageLength),
  /** Where in the resource; absent for the resource as a whole. */
  path: v.optional(
    v.pipe(
      PathSchema,
      v.maxLength(VERDICT_LIMITS.pathSteps),
      v.check(
        (path) => path.every((step) => typeof step === "number" || step.length <= VERDICT_LIMITS.pathStepLength),
        `Invalid length: Expected steps of <=${VERDICT_LIMITS.pathStepLength} characters`,
      ),
    ),
  ),
  /** A page that explains the rule. */
  url: v.optional(text(VERDICT_LIMITS.urlLength)),
});
export type Finding = v.InferOutput<typeof FindingSchema>;

/** A JSON object of bounded size; valibot's `record` alone takes an array, too. */
const MetadataSchema = v.pipe(
  v.unknown(),
  v.check((value) => !Array.isArray(value), "Invalid type: Expected Object but received Array"),
  v.check(
    isSmall,
    `Invalid size: Expected <=${VERDICT_LIMITS.metadataLength} characters of JSON, <=${VERDICT_LIMITS.metadataDepth} levels`,
  ),
  v.record(v.string(), v.unknown()),
);

function isSmall(value: unknown): boolean {
  const json = JSON.stringify(value);
  return (
    json.length <= VERDICT_LIMITS.metadataLength &&
    overBounds(json, VERDICT_LIMITS.metadataDepth, MAX_JSON_VALUES) === null
  );
}

/** A guest's answer to one event. Unknown keys are dropped. */
export const VerdictSchema = v.object({
  status: v.picklist(STATUSES),
  message: v.optional(text(VERDICT_LIMITS.messageLength), ""),
  findings: v.optional(v.pipe(v.array(FindingSchema), v.maxLength(VERDICT_LIMITS.findings)), []),
  /** Kept under the integration's name; null clears what it attached before. */
  metadata: v.optional(v.nullable(MetadataSchema)),
});
export type Verdict = v.InferOutput<typeof VerdictSchema>;

/** A guest's answer to `migrate-metadata`; null clears what was stored. */
export const MigratedSchema = v.object({ metadata: v.nullable(MetadataSchema) });

import { collectMarked } from "../../sensitive/marks.js";
import { pathMarks } from "../../sensitive/path-marks.js";
import type { SecretSet } from "../../sensitive/secret-set.js";
import type { StaticConfiguration } from "../configuration/types.js";
import type { PlanArchive } from "../records/plan-archive.js";
import type { StateObject } from "../records/state-file.js";
import { DYNAMIC } from "../tfplugin/cty-type.js";
import { toPlanValue } from "../tfplugin/plan-value.js";
import { readMsgpack } from "../tfplugin/value.js";

/** Takes what a state calls sensitive: copies of it can stand where nothing marks them, as in what a provider computes. */
export function learnFromState(objects: readonly StateObject[], secrets: SecretSet): void {
  for (const { attributes, sensitive } of objects) collectMarked(attributes, pathMarks(sensitive, attributes), secrets);
}

/** Takes the values that sensitive variables had when a plan was made. Throws `TfpluginError`. */
export function learnFromPlan(
  { variables }: Pick<PlanArchive, "variables">,
  { sensitiveVariables }: Pick<StaticConfiguration, "sensitiveVariables">,
  secrets: SecretSet,
): void {
  for (const { modulePath, name } of sensitiveVariables) {
    const value = modulePath.length === 0 ? variables.get(name) : undefined;
    if (value !== undefined) secrets.add(toPlanValue(readMsgpack(value, DYNAMIC)).value);
  }
}

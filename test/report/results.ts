import type { CheckResult } from "../../src/hosts/plan-file/check.js";
import type { IntegrationResult } from "../../src/runtime/types.js";
import { reportOf, resultOf } from "../hosts/fake-runtime.js";

export function checkResultOf(parts: Partial<CheckResult> = {}): CheckResult {
  return {
    verdict: "pass",
    integrations: [reportOf()],
    results: [],
    resources: 3,
    durationMs: 412.4,
    notices: [],
    ...parts,
  };
}

export function brokenOf(parts: Partial<IntegrationResult> = {}): IntegrationResult {
  const error = { code: "GUEST_TIMEOUT", message: "no answer within 5000 ms", remedy: "Raise timeout." };
  return resultOf({ status: "error", message: error.message, address: "aws_vm.a", error, ...parts });
}

/** Characters that must never reach a terminal as they are. */
export const DECEPTIVE = [
  "\u001b[31mred",
  "\u0007",
  "\r",
  "\u009b31m",
  "\u202e",
  "\u2066",
  "\u200b",
  "\ufeff",
  "\u2028",
  "\ud800",
  "\u{e0041}",
  "\u007f",
].join("x");

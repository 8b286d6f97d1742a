import type { IntegrationResult, ResultStatus, RunVerdict } from "./types.js";

const RANK: Readonly<Record<RunVerdict, number>> = { pass: 0, warn: 1, fail: 2, error: 3 };

function verdictOf(status: ResultStatus): RunVerdict {
  return status === "success" ? "pass" : status;
}

/** The graver of two verdicts: error > fail > warn > pass. An incomplete judgement is graver than a failed one. */
export function graver(one: RunVerdict, other: RunVerdict): RunVerdict {
  return RANK[one] >= RANK[other] ? one : other;
}

/** The reduction of many results to one verdict. */
export function reduceResults(results: Iterable<IntegrationResult>): RunVerdict {
  let verdict: RunVerdict = "pass";
  for (const result of results) verdict = graver(verdict, verdictOf(result.status));
  return verdict;
}

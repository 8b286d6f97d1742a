import type { IntegrationResult, ResultError } from "../runtime/types.js";

/** An integration that broke in one way, however often. */
export interface Breakage {
  readonly first: IntegrationResult;
  readonly error: ResultError;
  readonly count: number;
}

/** The results of broken integrations, one entry for each integration, code and status, in order of appearance. */
export function groupBreakages(results: Iterable<IntegrationResult>): Breakage[] {
  const groups = new Map<string, Breakage>();
  for (const result of results) {
    if (result.error !== null) {
      const key = JSON.stringify([result.integration, result.error.code, result.status]);
      const known = groups.get(key) ?? { first: result, error: result.error, count: 0 };
      groups.set(key, { ...known, count: known.count + 1 });
    }
  }
  return [...groups.values()];
}

import type { IntegrationResult } from "../../src/runtime/types.js";
import { COUNTER, CRASHER, CRASH_EVERY } from "./guests.js";

/** What came of the calls of one guest. */
export interface Tally {
  readonly name: string;
  verdicts: number;
  /** By code. */
  readonly errors: Map<string, number>;
  /** Answers that are not the next ones of its line: a call was lost or doubled. */
  misplaced: number;
}

/** Counts what comes of calls, and holds the counting guests' answers against what is next in their line. */
export class Tallies {
  readonly all: ReadonlyMap<string, Tally>;
  readonly #next = new Map<string, number>();
  /** Events that did not get exactly one result of each guest, in their order. */
  incomplete = 0;

  constructor(names: readonly string[]) {
    this.all = new Map(names.map((name) => [name, { name, verdicts: 0, errors: new Map(), misplaced: 0 }]));
  }

  /** Takes the results of one event; events must come in their order. */
  take(results: readonly IntegrationResult[]): void {
    const names = [...this.all.keys()];
    if (results.length !== names.length || results.some(({ integration }, at) => integration !== names[at])) {
      this.incomplete++;
    }
    for (const result of results) {
      const tally = this.all.get(result.integration);
      if (tally !== undefined) this.#one(tally, result);
    }
  }

  #one(tally: Tally, { integration, status, message, error }: IntegrationResult): void {
    if (error !== null) {
      tally.errors.set(error.code, (tally.errors.get(error.code) ?? 0) + 1);
      // A fresh guest counts from 1 again.
      this.#next.set(integration, 1);
      return;
    }
    if (status === "success") tally.verdicts++;
    else tally.misplaced++;
    if (integration !== COUNTER && integration !== CRASHER) return;
    const expected = this.#next.get(integration) ?? 1;
    if (message !== String(expected) || (integration === CRASHER && expected >= CRASH_EVERY)) tally.misplaced++;
    this.#next.set(integration, expected + 1);
  }
}

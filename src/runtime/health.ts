/** How an integration whose guests end is treated. All times in ms. */
export interface HealthPolicy {
  /** An idle guest is asked this often whether it is there. */
  readonly idlePingMs: number;
  /** So many deaths in a row, without an answer in between, open the circuit. */
  readonly deathsInARow: number;
  /** Wait before the second restart in a row (the first comes at once); it doubles with each further one … */
  readonly backOffMs: number;
  /** … up to this. */
  readonly maxBackOffMs: number;
  /** Calls wait this long for a guest, and for the start of the last one tried; then the circuit opens. */
  readonly waitMs: number;
  /** An open circuit is tried again after this; it doubles each time it opens anew … */
  readonly openMs: number;
  /** … up to this. */
  readonly maxOpenMs: number;
}

/** What holds unless `createRuntime` is told otherwise. */
export const DEFAULT_HEALTH: HealthPolicy = {
  idlePingMs: 30_000,
  deathsInARow: 3,
  backOffMs: 100,
  maxBackOffMs: 2_000,
  waitMs: 30_000,
  openMs: 5_000,
  maxOpenMs: 60_000,
};

/**
 * The wait after so many failures, counted from 1: `firstMs`, doubled with each, `maxMs` at most, less up to half of it
 * by chance, so that what failed together does not come back together. In ms.
 */
export function backOff(failures: number, firstMs: number, maxMs: number): number {
  return Math.round(Math.min(maxMs, firstMs * 2 ** (failures - 1)) * (1 - Math.random() / 2));
}

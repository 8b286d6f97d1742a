/**
 * 2000-01-01T00:00:00Z: where the deterministic clock of every sandboxed guest starts, in ms. Above zero, for Go's
 * runtime aborts on a clock that stands at zero.
 */
export const CLOCK_START_MS = 946_684_800_000;

/** The value below which `share` (0 to 1) of all values lie, by nearest rank. `sorted` rises and holds one value at least. Throws RangeError otherwise. */
export function percentile(sorted: readonly number[], share: number): number {
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  const value = sorted[Math.min(rank, sorted.length) - 1];
  if (value === undefined) throw new RangeError("a percentile of no value");
  return value;
}

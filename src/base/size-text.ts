const KIB = 1024;
/** The units of sizes, largest first. */
export const SIZE_UNITS = [
  ["GiB", KIB ** 3],
  ["MiB", KIB ** 2],
  ["KiB", KIB],
  ["B", 1],
] as const;

/** The text in the largest unit that gives exactly this many bytes. */
export function formatSize(bytes: number): string {
  const [name, unit] = SIZE_UNITS.find(([, size]) => bytes >= size && bytes % size === 0) ?? ["B", 1];
  return `${bytes / unit}${name}`;
}

import { matchesGlob } from "../../../base/glob.js";

/**
 * Whether an address is meant by a pattern: it is the pattern, stands inside the module or is an instance of the
 * resource that the pattern names, or matches it as a glob (`*` for any characters, `?` for one).
 */
export function matchesAddress(pattern: string, address: string): boolean {
  if (address === pattern || matchesGlob(pattern, address)) return true;
  const next = address.startsWith(pattern) ? address[pattern.length] : undefined;
  return next === "." || next === "[";
}

/** Whether one of the patterns means it; without any, all are meant. */
export function matchesAny(patterns: readonly string[], address: string): boolean {
  return patterns.length === 0 || patterns.some((pattern) => matchesAddress(pattern, address));
}

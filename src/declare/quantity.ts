import { formatSize, SIZE_UNITS } from "../base/size-text.js";

/** What a text came to: the quantity, or what is wrong with the text. */
export type Parsed = { readonly value: number } | { readonly problem: string };

const DURATION_UNITS = [
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
  ["ms", 1],
] as const;

const DURATION_EXAMPLES = 'write a whole number with a unit, such as "500ms", "5s" or "1m30s"';
const SIZE_EXAMPLES = 'write a whole number with a unit, such as "512KiB", "64MiB" or "1GiB"';
/** A longer text is no quantity, and need not be matched. */
const MAX_TEXT = 64;

/** A duration in ms: `500ms`, `5s`, `1m`, `1h`, or several parts from the largest down, `1m30s`. More than 0, `max` at most. */
export function parseDuration(text: string, max: number): Parsed {
  const match = text.length > MAX_TEXT ? null : /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/.exec(text);
  if (match === null || text === "") {
    return {
      problem: `${isNegative(text) ? "a duration cannot be negative" : "not a duration"}; ${DURATION_EXAMPLES}`,
    };
  }
  let value = 0;
  for (const [index, [, unit]] of DURATION_UNITS.entries()) value += Number(match[index + 1] ?? 0) * unit;
  return bounded(value, max, formatDuration(max));
}

/** A size in bytes: `1000B`, `512KiB`, `64MiB`, `1GiB`. More than 0, `max` at most. */
export function parseSize(text: string, max: number): Parsed {
  const match = text.length > MAX_TEXT ? null : /^(\d+)(B|KiB|MiB|GiB)$/.exec(text);
  if (match === null) {
    if (isNegative(text)) return { problem: `a size cannot be negative; ${SIZE_EXAMPLES}` };
    if (/^\d+\s*[kmg]i?b?$/i.test(text.slice(0, MAX_TEXT))) {
      return { problem: `the units of sizes are B, KiB, MiB and GiB (powers of 1024), written exactly so` };
    }
    return { problem: `not a size; ${SIZE_EXAMPLES}` };
  }
  const unit = SIZE_UNITS.find(([name]) => name === match[2]);
  return bounded(Number(match[1]) * (unit?.[1] ?? 1), max, formatSize(max));
}

/** The shortest text that `parseDuration` reads as this many ms. */
export function formatDuration(ms: number): string {
  let rest = ms;
  let text = "";
  for (const [name, unit] of DURATION_UNITS) {
    const count = Math.floor(rest / unit);
    if (count > 0) text += `${count}${name}`;
    rest -= count * unit;
  }
  return text === "" ? "0ms" : text;
}

function isNegative(text: string): boolean {
  return /^-\d/.test(text);
}

function bounded(value: number, max: number, maxText: string): Parsed {
  if (value === 0) return { problem: "must be more than zero" };
  return value > max ? { problem: `must be at most ${maxText}` } : { value };
}

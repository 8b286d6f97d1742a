import type { TextRange } from "./block.js";
import type { LiteralEntry } from "./literal.js";

const COMMA_BEHIND = /[ \t\n\r]*,/y;

/**
 * The pieces of valid JSON to blank out so that these members, in order of place, are gone and it stays valid JSON: each
 * with the comma behind it or, for the last of an object, the one before it. The pieces do not overlap.
 */
export function memberRanges(members: readonly LiteralEntry[], text: string): TextRange[] {
  const ranges: TextRange[] = [];
  for (const { offset, end } of members) {
    if (end === undefined) continue;
    COMMA_BEHIND.lastIndex = end;
    if (COMMA_BEHIND.test(text)) {
      ranges.push({ start: offset, end: COMMA_BEHIND.lastIndex });
    } else {
      ranges.push({ start: startWithComma(offset, text, ranges), end });
    }
  }
  return ranges;
}

/** From `offset` back to the comma before it, if there is one; swallows the pieces that are in between. */
function startWithComma(offset: number, text: string, ranges: TextRange[]): number {
  let start = offset;
  let before = lengthBefore(start, text);
  while (ranges[ranges.length - 1]?.end === before) {
    start = ranges.pop()?.start ?? start;
    before = lengthBefore(start, text);
  }
  return text[before - 1] === "," ? before - 1 : start;
}

/** How long the text up to `offset` is without the space at its end. */
function lengthBefore(offset: number, text: string): number {
  return text.slice(0, offset).trimEnd().length;
}

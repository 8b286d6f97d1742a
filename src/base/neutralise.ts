/**
 * What a terminal or a reader takes for something else than it is: control characters (ANSI escapes begin with one),
 * formats such as bidirectional overrides and zero-width characters, lone surrogates, and separators of lines.
 */
const DECEPTIVE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** The same, but for LF, which stands between the lines of JSON text; inside its strings it is escaped already. */
const DECEPTIVE_IN_JSON = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Nothing but printable ASCII, which a look tells of most texts and at little cost. */
const PLAIN = /^[ -~]*$/;

const ELLIPSIS = "…";

function escapeUnit(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, "0")}`;
}

function escapePoint(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  return point > 0xffff ? `\\u{${point.toString(16)}}` : escapeUnit(point);
}

function escapeUnits(character: string): string {
  return Array.from({ length: character.length }, (_, at) => escapeUnit(character.charCodeAt(at))).join("");
}

/** Cuts a text to `max` UTF-16 units; a cut one ends in an ellipsis. */
export function shorten(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}${ELLIPSIS}`;
}

/** One line that shows what it holds: whatever could deceive is there as `\u001b`, and at most `max` units of it. */
export function safeLine(text: string, max = 500): string {
  const shown = shorten(text, max);
  return PLAIN.test(shown) ? shown : shown.replace(DECEPTIVE, escapePoint);
}

/** The lines of a text, each as `safeLine`; at most `maxLines`, and a last one that says how many are left out. */
export function safeLines(text: string, max = 500, maxLines = 20): string[] {
  // No more is looked at than can be shown.
  const lines = shorten(text.trimEnd(), max * maxLines).split(/\r?\n/);
  const shown = lines.slice(0, maxLines).map((line) => safeLine(line, max));
  const hidden = lines.length - shown.length;
  return hidden > 0 ? [...shown, `${ELLIPSIS} ${hidden} more lines`] : shown;
}

/** JSON text in which every deceptive character is escaped; it stands for the very same value. */
export function safeJson(json: string): string {
  return PLAIN.test(json) ? json : json.replace(DECEPTIVE_IN_JSON, escapeUnits);
}

const SHORT: Readonly<Record<string, string>> = {
  "\u0007": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
  '"': '\\"',
};

/** Text as Go writes it for `%q` (https://pkg.go.dev/strconv#Quote), which core uses for the path of a plan. */
export function goQuote(text: string): string {
  return `"${Array.from(text, quoted).join("")}"`;
}

function quoted(character: string): string {
  const short = SHORT[character];
  if (short !== undefined) return short;
  // strconv.IsPrint: letters, marks, numbers, punctuation, symbols, and the ASCII space.
  if (character === " " || /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`;
  return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}

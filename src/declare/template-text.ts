import type { SourceText } from "./source-text.js";

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" };
const LITERAL_REMEDY = 'Values here are literals, as in a backend block; write "$${" for the characters "${".';

/** Everything that is more than itself in the text of a template: escapes, line ends, and starts of `${` and `%{`. */
const SPECIAL = /\$\$\{|%%\{|\$\{|%\{|\\|[\r\n]/g;

/**
 * What a quoted string means (https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#template-expressions).
 * `start` and `end` are offsets of what is between the quotes.
 * Throws `DECLARE_NOT_LITERAL` for `${` and `%{`, `DECLARE_SYNTAX` for a line end or an unknown escape.
 */
export function quotedText(source: SourceText, start: number, end: number): string {
  const text = source.text.slice(start, end);
  return decode(
    text,
    source,
    (index) => start + index,
    (index) => {
      if (text[index] !== "\\")
        throw source.error("DECLARE_SYNTAX", start - 1, "this string is not closed on its line");
      const [result, length] = escape(text, index);
      if (result === undefined) {
        throw source.error("DECLARE_SYNTAX", start + index, "unknown escape in a string", {
          remedy: 'Known are \\n, \\r, \\t, \\", \\\\, \\uNNNN and \\UNNNNNNNN.',
        });
      }
      return [result, length];
    },
  );
}

/**
 * What the lines of a heredoc, or a string of a JSON file, mean: there are no escapes but `$${` and `%%{`.
 * `offset` is where the whole of it starts. Throws `DECLARE_NOT_LITERAL` for `${` and `%{`.
 */
export function plainText(text: string, source: SourceText, offset: number): string {
  return decode(
    text,
    source,
    () => offset,
    (index) => [text[index] ?? "", 1],
  );
}

function decode(
  text: string,
  source: SourceText,
  place: (index: number) => number,
  other: (index: number) => readonly [string, number],
): string {
  const parts: string[] = [];
  let from = 0;
  for (SPECIAL.lastIndex = 0; ; SPECIAL.lastIndex = from) {
    const match = SPECIAL.exec(text);
    if (match === null) return parts.join("") + text.slice(from);
    parts.push(text.slice(from, match.index));
    const [token] = match;
    if (token === "${" || token === "%{") {
      throw source.error("DECLARE_NOT_LITERAL", place(match.index), "this string is a template, not a literal", {
        remedy: LITERAL_REMEDY,
      });
    }
    const [result, length] = token.length === 3 ? [token.slice(1), 3] : other(match.index);
    parts.push(result);
    from = match.index + length;
  }
}

function escape(text: string, index: number): readonly [string | undefined, number] {
  const letter = text[index + 1] ?? "";
  const size = letter === "u" ? 4 : letter === "U" ? 8 : 0;
  if (size === 0) return [ESCAPES[letter], 2];
  const digits = text.slice(index + 2, index + 2 + size);
  const code = digits.length === size && /^[0-9a-fA-F]+$/.test(digits) ? Number.parseInt(digits, 16) : Infinity;
  const isCharacter = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return [isCharacter ? String.fromCodePoint(code) : undefined, 2 + size];
}

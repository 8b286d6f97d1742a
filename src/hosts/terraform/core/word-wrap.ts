const NO_BREAK_SPACE = "\u00a0";

/**
 * Wraps text as core does in its closing texts: `WordWrap` of internal/command/format/trivia.go, with
 * github.com/mitchellh/go-wordwrap v1.0.1 for each line that does not begin with a space.
 */
export function wordWrap(text: string, columns: number): string {
  if (columns <= 1) return text;
  const lines = text.split("\n");
  return lines.map((line) => (line.startsWith(" ") ? line : wrapLine(line, columns - 1))).join("\n");
}

/** `WrapString` for text without line breaks. Lengths are in characters. */
function wrapLine(line: string, limit: number): string {
  let wrapped = "";
  let current = 0;
  let word: string[] = [];
  let space: string[] = [];
  for (const character of line) {
    if (/\p{White_Space}/u.test(character) && character !== NO_BREAK_SPACE) {
      if (space.length === 0 || word.length > 0) {
        current += space.length + word.length;
        wrapped += space.join("") + word.join("");
        [space, word] = [[], []];
      }
      space.push(character);
    } else {
      word.push(character);
      if (current + word.length + space.length > limit && word.length < limit) {
        wrapped += "\n";
        current = 0;
        space = [];
      }
    }
  }
  if (word.length > 0 || current + space.length <= limit) wrapped += space.join("");
  return wrapped + word.join("");
}

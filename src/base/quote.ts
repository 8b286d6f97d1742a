const MAX_QUOTED = 80;

/** A stranger's text inside a message: quoted, without control characters, of bounded length. */
export function quote(text: string): string {
  const cut = text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text;
  // JSON escapes the other control characters.
  return JSON.stringify(cut).replace(/[\u007f-\u009f]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

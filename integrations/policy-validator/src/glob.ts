/** Whether a text matches a glob of `*` (any characters) and `?` (one). Takes at most text times glob steps. */
export function matchesGlob(text: string, glob: string): boolean {
  let [at, want, star, mark] = [0, 0, -1, 0];
  while (at < text.length) {
    if (glob[want] === "*") {
      [star, mark] = [want, at];
      want += 1;
    } else if (want < glob.length && (glob[want] === "?" || glob[want] === text[at])) {
      at += 1;
      want += 1;
    } else if (star >= 0) {
      mark += 1;
      [at, want] = [mark, star + 1];
    } else {
      return false;
    }
  }
  while (glob[want] === "*") want += 1;
  return want === glob.length;
}

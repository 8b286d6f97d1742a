/** A part of WebAssembly text: a word, the bytes of a string, or what stands in parentheses. */
export type Expression = string | Uint8Array | readonly Expression[];

const TOKEN = /\s+|;;[^\n]*|([()])|"((?:[^"\\]|\\.)*)"|([^\s()";]+)/gy;
const ESCAPES: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, '"': 34, "'": 39, "\\": 92 };

/** Reads WebAssembly text into its expressions. It is text of our own, so a fault in it is a plain `Error`. */
export function readExpressions(text: string): readonly Expression[] {
  const top: Expression[] = [];
  const open: Expression[][] = [];
  let at = top;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const from = TOKEN.lastIndex;
    const token = TOKEN.exec(text);
    if (token === null) throw new Error(`not WebAssembly text: ${text.slice(from, from + 40)}`);
    const [, parenthesis, quoted, word] = token;
    if (parenthesis === "(") {
      open.push(at);
      const list: Expression[] = [];
      at.push(list);
      at = list;
    } else if (parenthesis === ")") {
      const outer = open.pop();
      if (outer === undefined) throw new Error("a parenthesis too many");
      at = outer;
    } else if (quoted !== undefined) at.push(bytesOf(quoted));
    else if (word !== undefined) at.push(word);
  }
  if (open.length > 0) throw new Error("a parenthesis is missing");
  return top;
}

/** A string of WebAssembly text that stands for these bytes. */
export function watString(text: string | Uint8Array): string {
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  return `"${Array.from(bytes, (byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("")}"`;
}

function bytesOf(quoted: string): Uint8Array {
  const raw = Buffer.from(quoted);
  const bytes: number[] = [];
  for (let at = 0; at < raw.length; at++) {
    const byte = raw[at] ?? 0;
    if (byte !== 92) {
      bytes.push(byte);
      continue;
    }
    const known = ESCAPES[String.fromCharCode(raw[at + 1] ?? 0)];
    bytes.push(known ?? Number.parseInt(raw.toString("latin1", at + 1, at + 3), 16));
    at += known === undefined ? 2 : 1;
  }
  return Uint8Array.from(bytes);
}

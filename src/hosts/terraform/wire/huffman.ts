import { ConnectionFault, ErrorCode } from "./frames.js";

/**
 * Length in bits of the Huffman code of each byte, and last of the end mark: RFC 7541, appendix B. The code is
 * canonical: codes of one length follow each other in the order of their symbols, so the lengths give all of it.
 */
// prettier-ignore
export const CODE_LENGTHS: readonly number[] = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
  6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
  15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
  20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
  22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
  26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
  20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
  30,
];

const END_MARK = 256;
const MAX_CODE_LENGTH = 30;
/** Padding is the start of the end mark: at most seven one bits. */
const MAX_PADDING = 7;

/** The code of every symbol, by its number: bits in the low `CODE_LENGTHS[symbol]` places. */
export const CODES: readonly number[] = canonicalCodes();
const TREE = codeTree();

function canonicalCodes(): number[] {
  const codes = new Array<number>(CODE_LENGTHS.length).fill(0);
  let next = 0;
  for (let length = 1; length <= MAX_CODE_LENGTH; length++) {
    next *= 2;
    CODE_LENGTHS.forEach((ofSymbol, symbol) => {
      if (ofSymbol === length) codes[symbol] = next++;
    });
  }
  return codes;
}

/** Two entries a node, for bit 0 and bit 1: the index of the next node, or `-1 - symbol`. The root is node 0. */
function codeTree(): Int16Array {
  const tree = new Int16Array(2 * END_MARK);
  let nodes = 1;
  CODES.forEach((code, symbol) => {
    let node = 0;
    for (let bit = (CODE_LENGTHS[symbol] ?? 0) - 1; bit > 0; bit--) {
      const at = 2 * node + ((code >>> bit) & 1);
      if (tree[at] === 0) tree[at] = nodes++;
      node = tree[at] ?? 0;
    }
    tree[2 * node + (code & 1)] = -1 - symbol;
  });
  return tree;
}

/**
 * Decodes one string; the result holds one character a byte (latin1). A byte of input gives at most 1.6 bytes.
 * Throws `ConnectionFault` on the end mark and on padding that is too long or not of one bits.
 */
export function huffmanDecode(bytes: Buffer, from: number, to: number): string {
  const out = Buffer.allocUnsafe(Math.floor(((to - from) * 8) / 5));
  let length = 0;
  let node = 0;
  let depth = 0;
  let onlyOnes = true;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    for (let mask = 0x80; mask !== 0; mask >>= 1) {
      const one = (byte & mask) !== 0;
      const next = TREE[2 * node + (one ? 1 : 0)] ?? 0;
      if (next >= 0) {
        node = next;
        depth++;
        onlyOnes &&= one;
        continue;
      }
      if (next === -1 - END_MARK) throw fault("holds the end mark");
      out[length++] = -1 - next;
      node = depth = 0;
      onlyOnes = true;
    }
  }
  if (depth > MAX_PADDING || !onlyOnes) throw fault("is padded wrongly");
  return out.toString("latin1", 0, length);
}

function fault(what: string): ConnectionFault {
  return new ConnectionFault(ErrorCode.compressionError, `a Huffman code in a header ${what}`);
}

import { CODE_LENGTHS, CODES } from "../../../../src/hosts/terraform/wire/huffman.js";

/** The Huffman form of a latin1 string, padded with ones. The product only decodes. */
export function huffmanEncode(text: string): Buffer {
  let bits = "";
  for (const byte of Buffer.from(text, "latin1")) {
    bits += (CODES[byte] ?? 0).toString(2).padStart(CODE_LENGTHS[byte] ?? 0, "0");
  }
  bits = bits.padEnd(Math.ceil(bits.length / 8) * 8, "1");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

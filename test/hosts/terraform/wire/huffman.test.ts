import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CODE_LENGTHS, CODES, huffmanDecode } from "../../../../src/hosts/terraform/wire/huffman.js";
import { huffmanEncode } from "./huffman-encode.js";

function decode(bytes: Buffer): string {
  return huffmanDecode(bytes, 0, bytes.length);
}

describe("the Huffman code of HPACK", () => {
  it.each([
    ["f1e3c2e5f23a6ba0ab90f4ff", "www.example.com"],
    ["a8eb10649cbf", "no-cache"],
    ["25a849e95ba97d7f", "custom-key"],
    ["25a849e95bb8e8b4bf", "custom-value"],
    ["d07abe941054d444a8200595040b8166e082a62d1bff", "Mon, 21 Oct 2013 20:13:21 GMT"],
    ["", ""],
  ])("decodes %s, of RFC 7541, appendix C", (hex, text) => {
    expect(decode(Buffer.from(hex, "hex"))).toBe(text);
  });

  it("has the codes of RFC 7541, appendix B", () => {
    const listed: readonly (readonly [symbol: number, code: number, length: number])[] = [
      [0, 0x1ff8, 13],
      [1, 0x7fffd8, 23],
      [10, 0x3ffffffc, 30],
      [48, 0x0, 5],
      [58, 0x5c, 7],
      [97, 0x3, 5],
      [122, 0x7b, 7],
      [127, 0xffffffc, 28],
      [255, 0x3ffffee, 26],
      [256, 0x3fffffff, 30],
    ];
    for (const [symbol, code, length] of listed) {
      expect([CODES[symbol], CODE_LENGTHS[symbol]]).toEqual([code, length]);
    }
  });

  it("gives back every string of bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const text = Buffer.from(bytes).toString("latin1");
        expect(decode(huffmanEncode(text))).toBe(text);
      }),
    );
  });

  it("decodes a part of a buffer", () => {
    const bytes = Buffer.concat([Buffer.of(1, 2), huffmanEncode("part"), Buffer.of(3)]);
    expect(huffmanDecode(bytes, 2, bytes.length - 1)).toBe("part");
  });

  it("takes padding of seven bits", () => {
    // "0" is 00000; with three bits of padding, and "&" (11111000) needs none.
    expect(decode(Buffer.of(0b0000_0111))).toBe("0");
    // ":" is 1011100 and "!" 1111111000: 17 bits, and seven of padding.
    expect(decode(Buffer.of(0b1011_1001, 0b1111_1100, 0b0111_1111))).toBe(":!");
  });

  it.each([
    ["padding of eight bits", Buffer.of(0b1111_1111)],
    ["padding of eight bits after a symbol", Buffer.of(0b0000_0111, 0xff)],
    ["padding that is not of ones", Buffer.of(0b0000_0110)],
    ["the end mark", Buffer.of(0xff, 0xff, 0xff, 0xff)],
  ])("refuses %s", (_what, bytes) => {
    expect(() => decode(bytes)).toThrow(expect.objectContaining({ http2Code: 9 }));
  });

  it("never throws anything else, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          const text = decode(Buffer.from(bytes));
          // What was accepted has no other form than this one.
          expect(huffmanEncode(text).equals(bytes)).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ http2Code: 9 });
        }
      }),
      { numRuns: 500 },
    );
  });
});

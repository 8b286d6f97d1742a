import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LineDecoder } from "../../src/protocol/line-decoder.js";

const utf8 = new TextEncoder();

/** Cuts bytes at the given places (taken modulo the length) and pushes the pieces one by one. */
function decodeCut(bytes: Uint8Array, cuts: readonly number[], maxBytes: number): string[] {
  const places = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  const decoder = new LineDecoder(maxBytes);
  return places.flatMap((place, at) => decoder.push(bytes.subarray(place, places[at + 1] ?? bytes.length)));
}

const line = fc.string({ unit: "grapheme", maxLength: 30 }).filter((text) => !/[\r\n]/.test(text));
const cuts = fc.array(fc.nat(1_000), { maxLength: 20 });

describe("LineDecoder", () => {
  it("gives the same lines however the bytes are cut", () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), cuts, (lines, places) => {
        const bytes = utf8.encode(lines.map((text) => `${text}\n`).join(""));
        expect(decodeCut(bytes, places, 10_000)).toEqual(lines);
      }),
    );
  });

  it("fails on the same input however the bytes are cut", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), cuts, (noise, places) => {
        const bytes = Uint8Array.from([...noise, 0x0a]);
        const outcome = (at: readonly number[]): unknown => {
          try {
            return decodeCut(bytes, at, 16);
          } catch (error) {
            return (error as { code: string }).code;
          }
        };
        expect(outcome(places)).toEqual(outcome([]));
      }),
    );
  });

  it("joins a multi-byte sequence that came byte by byte", () => {
    const decoder = new LineDecoder(100);
    const lines = [...utf8.encode("é€😀\n")].flatMap((byte) => decoder.push(Uint8Array.of(byte)));
    expect(lines).toEqual(["é€😀"]);
  });

  it("keeps one trailing CR out, and only that one", () => {
    const decoder = new LineDecoder(100);
    expect(decoder.push(utf8.encode("a\r\nb\rc\r\r\n\r\n\n"))).toEqual(["a", "b\rc\r", "", ""]);
    expect(decoder.push(utf8.encode("x\r"))).toEqual([]);
    expect(decoder.push(utf8.encode("\n"))).toEqual(["x"]);
  });

  it("keeps a byte order mark visible", () => {
    expect(new LineDecoder(100).push(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61, 0x0a))).toEqual(["\ufeffa"]);
  });

  it("keeps nothing of a chunk that its owner uses again", () => {
    const decoder = new LineDecoder(100);
    const chunk = utf8.encode("ab");
    decoder.push(chunk);
    chunk.fill(0x7a);
    expect(decoder.push(utf8.encode("c\n"))).toEqual(["abc"]);
  });

  it("counts the bytes of the unfinished line", () => {
    const decoder = new LineDecoder(100);
    decoder.push(utf8.encode("one\né"));
    expect(decoder.pendingBytes).toBe(2);
    decoder.push(utf8.encode("\n"));
    expect(decoder.pendingBytes).toBe(0);
  });

  it("takes a line of exactly the allowed size, whole and in pieces", () => {
    const text = "x".repeat(1_000);
    expect(new LineDecoder(1_000).push(utf8.encode(`${text}\n${text}\n`))).toEqual([text, text]);
    const decoder = new LineDecoder(1_000);
    for (let at = 0; at < 10; at++) decoder.push(utf8.encode("x".repeat(100)));
    expect(decoder.push(utf8.encode("\n"))).toEqual([text]);
  });

  it("refuses a line one byte over the allowed size, whole and in pieces", () => {
    const code = "PROTOCOL_MESSAGE_TOO_LARGE";
    expect(() => new LineDecoder(10).push(utf8.encode(`${"x".repeat(11)}\n`))).toThrow(
      expect.objectContaining({ code }),
    );
    const decoder = new LineDecoder(10);
    decoder.push(utf8.encode("x".repeat(10)));
    expect(() => decoder.push(utf8.encode("x"))).toThrow(expect.objectContaining({ code }));
  });

  it("refuses an endless line without waiting for its end, and holds none of it", () => {
    const decoder = new LineDecoder(1_000);
    const chunk = new Uint8Array(600).fill(0x78);
    decoder.push(chunk);
    expect(() => decoder.push(chunk)).toThrow(expect.objectContaining({ code: "PROTOCOL_MESSAGE_TOO_LARGE" }));
    expect(decoder.pendingBytes).toBe(0);
  });

  it("refuses bytes that are not UTF-8", () => {
    for (const bytes of [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0x80]]) {
      expect(() => new LineDecoder(100).push(Uint8Array.from([...bytes, 0x0a]))).toThrow(
        expect.objectContaining({ code: "PROTOCOL_NOT_JSON" }),
      );
    }
  });

  it("stays broken after it failed once", () => {
    const decoder = new LineDecoder(4);
    expect(() => decoder.push(utf8.encode("12345"))).toThrow();
    expect(() => decoder.push(utf8.encode("ok\n"))).toThrow(
      expect.objectContaining({ code: "PROTOCOL_MESSAGE_TOO_LARGE" }),
    );
  });
});

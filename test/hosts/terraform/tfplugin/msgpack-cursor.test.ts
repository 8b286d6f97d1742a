import fc from "fast-check";
import { Packr } from "msgpackr";
import { describe, expect, it } from "vitest";
import { MsgpackCursor } from "../../../../src/hosts/terraform/tfplugin/msgpack-cursor.js";
import { thrownCode } from "../../../support/codes.js";

const packr = new Packr({ useRecords: false, variableMapSize: true });
const cursor = (...bytes: readonly number[]): MsgpackCursor => new MsgpackCursor(Uint8Array.from(bytes));

describe("what the next value is", () => {
  it.each([
    ["nil", [0xc0], "nil"],
    ["fixext 1", [0xd4, 0, 0], "extension"],
    ["fixext 16", [0xd8], "extension"],
    ["ext 8", [0xc7], "extension"],
    ["ext 32", [0xc9], "extension"],
    ["fixstr", [0xa0], "text"],
    ["the longest fixstr", [0xbf], "text"],
    ["str 32", [0xdb], "text"],
    ["bin 8", [0xc4], "text"],
    ["false", [0xc2], ""],
    ["a positive fixint", [0x7f], ""],
    ["a negative fixint", [0xe0], ""],
    ["fixmap", [0x80], ""],
    ["fixarray", [0x9f], ""],
    ["float 64", [0xcb], ""],
    ["array 16", [0xdc], ""],
  ])("is told by its token: %s", (_, bytes, kind) => {
    const next = cursor(...bytes);
    const told = { nil: next.isNil, extension: next.isExtension, text: next.isText };
    expect(Object.entries(told).flatMap(([name, is]) => (is ? [name] : []))).toEqual(kind === "" ? [] : [kind]);
    expect(next.at).toBe(0);
  });

  it("is TFPLUGIN_VALUE at the end", () => {
    expect(thrownCode(() => cursor().isNil)).toBe("TFPLUGIN_VALUE");
    expect(thrownCode(() => cursor().isExtension)).toBe("TFPLUGIN_VALUE");
    expect(thrownCode(() => cursor().isText)).toBe("TFPLUGIN_VALUE");
  });
});

describe("reading", () => {
  it("takes numbers of every form that msgpackr writes", () => {
    const numbers = fc.oneof(fc.integer(), fc.nat(200), fc.integer({ min: -200, max: 0 }), fc.double({ noNaN: true }));
    fc.assert(
      fc.property(numbers, (value) => {
        const next = new MsgpackCursor(packr.pack(value));
        // msgpackr writes -0 as 0.
        expect(next.readNumber() + 0).toBe(value + 0);
        expect(next.at).toBe(next.length);
      }),
    );
  });

  it("takes text of every length", () => {
    for (const length of [0, 31, 32, 255, 256, 65_535, 65_536]) {
      const text = "é".repeat(Math.floor(length / 2)) + "x".repeat(length % 2);
      const next = new MsgpackCursor(packr.pack(text));
      expect(next.readText()).toBe(text);
      expect(next.at).toBe(next.length);
    }
  });

  it("takes arrays and maps of every length", () => {
    for (const length of [0, 15, 16, 65_535, 65_536]) {
      const array = new MsgpackCursor(packr.pack(new Array<number>(length).fill(0)));
      expect(array.readArray()).toBe(length);
      expect(array.length - array.at).toBe(length);
      const map = new MsgpackCursor(packr.pack(new Map(Array.from({ length }, (_, index) => [index, 0]))));
      expect(map.readMap()).toBe(length);
    }
  });

  it("takes booleans", () => {
    const next = cursor(0xc3, 0xc2);
    expect([next.readBoolean(), next.readBoolean()]).toEqual([true, false]);
  });

  it("hands out views", () => {
    const source = Uint8Array.of(0xc4, 2, 7, 8);
    expect(new MsgpackCursor(source).readBytes().buffer).toBe(source.buffer);
  });

  it.each([
    ["an array", (next: MsgpackCursor) => next.readArray()],
    ["a map", (next: MsgpackCursor) => next.readMap()],
    ["bytes", (next: MsgpackCursor) => next.readBytes()],
    ["a boolean", (next: MsgpackCursor) => next.readBoolean()],
    ["a number", (next: MsgpackCursor) => next.readNumber()],
  ])("is TFPLUGIN_VALUE where nil stands for %s, or nothing", (_, read) => {
    expect(thrownCode(() => read(cursor(0xc0)))).toBe("TFPLUGIN_VALUE");
    expect(thrownCode(() => read(cursor()))).toBe("TFPLUGIN_VALUE");
  });

  it.each([
    ["fixarray", [0x93, 0, 0]],
    ["array 16", [0xdc, 0, 3, 0, 0]],
    ["array 32", [0xdd, 0, 0, 0, 3, 0, 0]],
  ])("believes no number of elements that the bytes cannot hold: %s", (_, bytes) => {
    expect(cursor(...bytes, 0).readArray()).toBe(3);
    expect(thrownCode(() => cursor(...bytes).readArray())).toBe("TFPLUGIN_VALUE");
  });

  it.each([
    ["fixmap", [0x82, 0, 0, 0]],
    ["map 16", [0xde, 0, 2, 0, 0, 0]],
    ["map 32", [0xdf, 0, 0, 0, 2, 0, 0, 0]],
  ])("believes no number of pairs that the bytes cannot hold: %s", (_, bytes) => {
    expect(cursor(...bytes, 0).readMap()).toBe(2);
    expect(thrownCode(() => cursor(...bytes).readMap())).toBe("TFPLUGIN_VALUE");
  });
});

describe("skipping", () => {
  it.each([
    ["fixext 1", [0xd4, 0, 0]],
    ["fixext 2", [0xd5, 0, 0, 0]],
    ["fixext 4", [0xd6, ...new Array<number>(5).fill(0)]],
    ["fixext 8", [0xd7, ...new Array<number>(9).fill(0)]],
    ["fixext 16", [0xd8, ...new Array<number>(17).fill(0)]],
    ["ext 8", [0xc7, 1, 0, 0]],
    ["ext 16", [0xc8, 0, 1, 0, 0]],
    ["ext 32", [0xc9, 0, 0, 0, 1, 0, 0]],
    ["bin 8", [0xc4, 1, 0]],
    ["bin 16", [0xc5, 0, 1, 0]],
    ["bin 32", [0xc6, 0, 0, 0, 1, 0]],
    ["float 32", [0xca, 0, 0, 0, 0]],
    ["uint 64", [0xcf, ...new Array<number>(8).fill(0)]],
    ["int 16", [0xd1, 0, 0]],
    ["a map in an array", [0x92, 0x81, 0xa1, 0x61, 0xc0, 0xc3]],
  ])("goes to the end of %s, and no value cut short is skipped", (_, bytes) => {
    const next = cursor(...bytes, 0xc0);
    next.skip();
    expect(next.at).toBe(bytes.length);
    expect(
      thrownCode(() => {
        cursor(...bytes.slice(0, -1)).skip();
      }),
    ).toBe("TFPLUGIN_VALUE");
  });

  it("is TFPLUGIN_VALUE at the token that msgpack never uses", () => {
    expect(
      thrownCode(() => {
        cursor(0xc1).skip();
      }),
    ).toBe("TFPLUGIN_VALUE");
  });
});

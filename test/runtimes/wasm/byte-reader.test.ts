import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteReader, encodeU32 } from "../../../runtimes/wasm/byte-reader.js";
import { thrownCode } from "../../support/codes.js";

const u32 = fc.integer({ min: 0, max: 0xffff_ffff });

describe("LEB128 of 32 bits", () => {
  it("reads back every number it writes, and all of its bytes", () => {
    fc.assert(
      fc.property(u32, (value) => {
        const encoded = encodeU32(value);
        const reader = new ByteReader(encoded);
        expect(reader.u32("a test")).toBe(value);
        expect(reader.remaining).toBe(0);
        expect(encoded.length).toBeLessThanOrEqual(5);
      }),
    );
  });

  it("reads a number that was padded, as linkers do", () => {
    expect(new ByteReader(Uint8Array.of(0x83, 0x80, 0x80, 0x80, 0x00)).u32("a test")).toBe(3);
  });

  it("refuses a sixth byte, and bits beyond the 32nd", () => {
    expect(thrownCode(() => new ByteReader(Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x80, 0)).u32("a test"))).toBe(
      "GUEST_LOAD",
    );
    expect(thrownCode(() => new ByteReader(Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x10)).u32("a test"))).toBe(
      "GUEST_LOAD",
    );
    expect(new ByteReader(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f)).u32("a test")).toBe(0xffff_ffff);
  });

  it("gives a number or GUEST_LOAD for any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 8 }), (bytes) => {
        let value: number;
        try {
          value = new ByteReader(bytes).u32("a test");
        } catch (error) {
          expect(error).toHaveProperty("code", "GUEST_LOAD");
          return;
        }
        expect(Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff).toBe(true);
      }),
    );
  });
});

describe("a range of bytes", () => {
  it("is never left, whatever follows it", () => {
    const reader = new ByteReader(Uint8Array.of(1, 2, 3, 4), 1, 3);
    expect([reader.byte("a test"), reader.byte("a test")]).toEqual([2, 3]);
    expect(thrownCode(() => reader.byte("a test"))).toBe("GUEST_LOAD");
  });

  it("holds what is skipped", () => {
    const reader = new ByteReader(Uint8Array.of(1, 2));
    reader.skip(2, "a test");
    expect(
      thrownCode(() => {
        reader.skip(1, "a test");
      }),
    ).toBe("GUEST_LOAD");
  });
});

describe("a vector's length", () => {
  it("may be as long as the bytes that follow", () => {
    expect(new ByteReader(Uint8Array.of(2, 0, 0)).count("a test", 10)).toBe(2);
  });

  it("is refused when it promises more than there is, or more than allowed", () => {
    expect(thrownCode(() => new ByteReader(Uint8Array.of(3, 0, 0)).count("a test", 10))).toBe("GUEST_LOAD");
    expect(thrownCode(() => new ByteReader(Uint8Array.of(2, 0, 0)).count("a test", 1))).toBe("GUEST_LOAD");
    expect(thrownCode(() => new ByteReader(encodeU32(0xffff_ffff)).count("a test", 10))).toBe("GUEST_LOAD");
  });
});

describe("a name", () => {
  it("is UTF-8, and a BOM stays part of it", () => {
    expect(new ByteReader(Uint8Array.of(3, 0xef, 0xbb, 0xbf)).name("a test")).toBe("\ufeff");
  });

  it("is refused when it is not UTF-8 or cut off", () => {
    expect(thrownCode(() => new ByteReader(Uint8Array.of(1, 0xff)).name("a test"))).toBe("GUEST_LOAD");
    expect(thrownCode(() => new ByteReader(Uint8Array.of(2, 0x61)).name("a test"))).toBe("GUEST_LOAD");
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeFrame, FrameReader } from "../../src/sandbox/frames.js";
import { isPlainFrame } from "../../src/sandbox/plain-frame.js";
import { thrownCode } from "../support/codes.js";

const bodyOf = (messages: readonly unknown[]): Buffer => encodeFrame(messages).subarray(4);
const MOST = 65_536;

describe("a frame of the sandbox host", () => {
  it("passes for whatever its messages are made of", () => {
    const plain = fc.letrec((tie) => ({
      value: fc.oneof(
        fc.string({ unit: "binary", maxLength: 300 }),
        fc.double(),
        fc.integer({ min: -(2 ** 53), max: 2 ** 53 }),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie("value"), { maxLength: 20 }),
      ),
    })).value;
    fc.assert(
      fc.property(fc.array(plain), (messages) => {
        expect(isPlainFrame(bodyOf(messages))).toBe(true);
      }),
    );
    expect(isPlainFrame(bodyOf(["x".repeat(70_000)]))).toBe(true);
  });

  it("holds the most values and no more", () => {
    expect(isPlainFrame(bodyOf(new Array(MOST - 1).fill([])))).toBe(true);
    expect(isPlainFrame(bodyOf(new Array(MOST).fill([])))).toBe(false);
  });

  it.each([
    ["an object", bodyOf([{ a: 1 }])],
    ["bytes", bodyOf([Buffer.from([1])])],
    ["a regular expression", Buffer.from([0x91, 0xd4, 0x78, 0x00, 0x92, 0xa1, 0x61, 0xa0])],
    ["a record", Buffer.from([0x91, 0xd4, 0x72, 0x40, 0x91, 0xa1, 0x61, 0x01])],
    ["an unknown type", Buffer.from([0x91, 0xc1])],
    ["a text cut short", Buffer.from([0x91, 0xdb, 0xff])],
    ["a text beyond its end", Buffer.from([0x91, 0xa5, 0x61])],
  ])("is refused with %s", (_what, body) => {
    expect(isPlainFrame(body)).toBe(false);
  });

  it("never reads beyond its bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(typeof isPlainFrame(Buffer.from(bytes))).toBe("boolean");
      }),
    );
  });

  it("is refused before it is unpacked", () => {
    const handler = { messages: () => undefined, text: () => undefined, isAllowed: isPlainFrame };
    const reader = new FrameReader(handler, () => 1_000);
    expect(
      thrownCode(() => {
        reader.push(encodeFrame([{ a: 1 }]));
      }),
    ).toBe("SANDBOX_BAD_FRAME");
  });
});

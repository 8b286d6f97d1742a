import fc from "fast-check";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { describe, expect, it } from "vitest";
import { MAX_MESSAGE_BYTES } from "../../../../src/hosts/terraform/tfplugin/limits.js";
import { concat, integerField, lengthField, Message } from "../../../../src/hosts/terraform/tfplugin/protobuf.js";
import { thrownCode } from "../../../support/codes.js";
import { base64, decode } from "./oracle.js";

const bytes = fc.uint8Array({ maxLength: 40 });
/** Fields of any number and every wire type but groups. */
const field = fc.oneof(
  fc.tuple(fc.integer({ min: 1, max: 6 }), bytes).map(([number, data]) => lengthField(number, data)),
  fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer()).map(([number, value]) => integerField(number, value)),
  fc
    .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }))
    .map(([number, value]) => new BinaryWriter().tag(number, WireType.Bit32).fixed32(value).finish()),
);
const message = fc.array(field, { maxLength: 12 }).map((fields) => concat(new Uint8Array(0), ...fields));

describe("a message", () => {
  it("takes the last of several scalars", () => {
    const twice = new Message(concat(lengthField(1, "a"), lengthField(1, "b"), integerField(2, 7), integerField(2, 1)));
    expect(twice.text(1)).toBe("b");
    expect(twice.number(2)).toBe(1);
    expect(twice.flag(2)).toBe(true);
  });

  it("merges an embedded message that came in parts", () => {
    const parts = concat(lengthField(3, lengthField(1, "a")), lengthField(3, lengthField(2, "b")));
    const merged = new Message(new Message(parts).message(3) ?? new Uint8Array(0));
    expect([merged.text(1), merged.text(2)]).toEqual(["a", "b"]);
  });

  it("gives defaults for what is absent, and null for a message", () => {
    const empty = new Message(new Uint8Array(0));
    expect([empty.text(1), empty.number(1), empty.flag(1), empty.bytes(1).length]).toEqual(["", 0, false, 0]);
    expect(empty.message(1)).toBeNull();
    expect(empty.has(1)).toBe(false);
  });

  it("takes a field of another wire type as absent, as Go does", () => {
    const other = new Message(concat(integerField(1, 5), lengthField(2, "x")));
    expect(other.bytes(1).length).toBe(0);
    expect(other.number(2)).toBe(0);
    expect(other.has(1)).toBe(true);
  });

  it("reads negative integers", () => {
    expect(new Message(integerField(1, -5)).integer(1)).toBe(-5n);
  });

  it("hands out views, not copies", () => {
    const source = concat(new Uint8Array(0), lengthField(1, "abc"));
    expect(new Message(source).bytes(1).buffer).toBe(source.buffer);
  });

  it("keeps all else byte for byte when a field is cut out", () => {
    fc.assert(
      fc.property(message, message, bytes, (before, after, data) => {
        const with7 = concat(before, lengthField(7, data), after, integerField(7, 1));
        expect(Buffer.from(new Message(with7).without(7))).toEqual(Buffer.concat([before, after]));
      }),
    );
  });

  it("skips groups, which no message of the protocol has", () => {
    const group = new BinaryWriter()
      .tag(4, WireType.StartGroup)
      .tag(1, WireType.Varint)
      .int32(1)
      .tag(4, WireType.EndGroup)
      .finish();
    expect(new Message(concat(group, lengthField(1, "a"))).text(1)).toBe("a");
  });
});

describe("what is no message", () => {
  it.each([
    ["a length beyond the end", [0x0a, 0x05, 0x61]],
    ["a tag cut short", [0x80]],
    ["field number 0", [0x02, 0x00]],
    ["an unknown wire type", [0x0f]],
    ["a group that does not end", [0x23, 0x08, 0x01]],
    ["an end of a group that did not begin", [0x24]],
    ["a varint without end", [0x08, 0xff]],
  ])("is TFPLUGIN_MESSAGE: %s", (_, data) => {
    expect(thrownCode(() => new Message(Uint8Array.from(data)))).toBe("TFPLUGIN_MESSAGE");
  });

  it("is TFPLUGIN_MESSAGE when text is not UTF-8", () => {
    expect(thrownCode(() => new Message(lengthField(1, Uint8Array.of(0xff))).text(1))).toBe("TFPLUGIN_MESSAGE");
  });

  it("is TFPLUGIN_MESSAGE when an integer has more than ten bytes", () => {
    const long = Uint8Array.from([0x08, ...new Array<number>(11).fill(0x80), 0x00]);
    expect(thrownCode(() => new Message(long).integer(1))).toBe("TFPLUGIN_MESSAGE");
  });

  it("never throws anything else", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.integer({ min: 1, max: 5 }), (data, number) => {
        try {
          const read = new Message(data);
          read.integer(number);
          read.text(number);
          new Message(read.message(number) ?? new Uint8Array(0));
        } catch (error) {
          expect(error).toMatchObject({ code: "TFPLUGIN_MESSAGE" });
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("a message of its kind", () => {
  const own = fc.tuple(fc.integer({ min: 1, max: 2 }), bytes).map(([number, data]) => lengthField(number, data));
  const others = fc.tuple(fc.integer({ min: 3, max: 9 }), bytes).map(([number, data]) => lengthField(number, data));
  const fields = fc.array(fc.oneof(own, others, own), { maxLength: 10 });

  it("is read as a full protobuf library reads it", () => {
    fc.assert(
      fc.property(fields, (parts) => {
        const data = concat(new Uint8Array(0), ...parts);
        const oracle = decode("DynamicValue", data);
        const read = new Message(data);
        expect(base64(read.bytes(1))).toBe(oracle["msgpack"] ?? "");
        expect(base64(read.bytes(2))).toBe(oracle["json"] ?? "");
      }),
    );
  });
});

describe("the size of a message", () => {
  it("may be what core takes", () => {
    const most = new Uint8Array(MAX_MESSAGE_BYTES);
    most.set(lengthField(1, new Uint8Array(0)));
    // One long field: its length is what is left behind tag (1 byte) and length (4 bytes).
    most.set(
      new BinaryWriter()
        .tag(1, WireType.LengthDelimited)
        .uint32(MAX_MESSAGE_BYTES - 5)
        .finish(),
    );
    expect(new Message(most).bytes(1).length).toBe(MAX_MESSAGE_BYTES - 5);
  });

  it("may not be more", () => {
    expect(thrownCode(() => new Message(new Uint8Array(MAX_MESSAGE_BYTES + 1)))).toBe("TFPLUGIN_TOO_LARGE");
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Flag, FrameType } from "../../../../src/hosts/terraform/wire/frames.js";
import { FrameWriter } from "../../../../src/hosts/terraform/wire/frame-writer.js";
import { HpackDecoder } from "../../../../src/hosts/terraform/wire/hpack-decoder.js";
import { encodeField, writeHeaders } from "../../../../src/hosts/terraform/wire/hpack-encoder.js";
import { field, STATIC_TABLE, type Field } from "../../../../src/hosts/terraform/wire/hpack-table.js";
import { splitFrames, type Frame } from "./raw-peer.js";

function written(fields: readonly Field[], end = false, dropTable = false): Frame[] {
  const writer = new FrameWriter();
  writeHeaders(writer, 7, fields, end, dropTable);
  return splitFrames(Buffer.concat(writer.take())).frames;
}

function plain(fields: readonly Field[] | null): readonly (readonly [string, string, boolean])[] | undefined {
  return fields?.map(({ name, value, neverIndexed }) => [name, value, neverIndexed] as const);
}

/** Fields that take so many bytes: each its name in three, the length of its value in three, and the value. */
function fieldsOf(length: number): Field[] {
  const first = Math.min(length, 10_000);
  return [field("a", "x".repeat(first - 6)), ...(length > first ? fieldsOf(length - first) : [])];
}

const LATIN1 = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString("latin1"));
const FIELD = fc.record({ name: LATIN1, value: LATIN1, neverIndexed: fc.boolean(), encoded: fc.constant(null) });
const KNOWN = fc.constantFrom(...STATIC_TABLE).map(({ name, value }) => field(name, value));

describe("written header blocks", () => {
  it("decode to the same fields, each without the ones before it", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(FIELD, KNOWN), { maxLength: 20 }), fc.boolean(), (fields, dropTable) => {
        const frames = written(fields, false, dropTable);
        const block = Buffer.concat(frames.map(({ payload }) => payload));
        expect(plain(new HpackDecoder().decode(block))).toEqual(plain(fields));
      }),
    );
  });

  it("put nothing into the peer's table", () => {
    fc.assert(
      fc.property(FIELD, (added) => {
        const decoder = new HpackDecoder();
        decoder.decode(encodeField(added));
        expect(() => decoder.decode(Buffer.of(0xbe))).toThrow(expect.objectContaining({ http2Code: 9 }));
      }),
    );
  });

  it("name a field of the static table in one byte", () => {
    expect(encodeField(field(":method", "POST"))).toEqual(Buffer.of(0x83));
    expect(encodeField(field("content-type", "a"))).toEqual(Buffer.of(0x0f, 0x10, 1, 0x61));
  });

  it("never index a field whose sender forbids it, also when the static table holds it", () => {
    expect(encodeField(field(":method", "POST", true))).toEqual(Buffer.of(0x12, 4, 0x50, 0x4f, 0x53, 0x54));
  });

  it("end the stream when told so", () => {
    expect(written([field("a", "b")], true)[0]?.flags).toBe(Flag.endHeaders | Flag.endStream);
    expect(written([field("a", "b")], false)[0]?.flags).toBe(Flag.endHeaders);
  });

  it("begin with an empty table when the peer lowered its size", () => {
    expect(written([field(":method", "GET")], false, true)[0]?.payload).toEqual(Buffer.of(0x20, 0x82));
  });

  it.each([
    [16_384, [FrameType.headers]],
    [16_385, [FrameType.headers, FrameType.continuation]],
    [40_000, [FrameType.headers, FrameType.continuation, FrameType.continuation]],
  ])("of %i bytes are split into frames of 16 KiB", (length, types) => {
    for (const dropTable of [false, true]) {
      const frames = written(fieldsOf(dropTable ? length - 1 : length), true, dropTable);
      expect(frames.map(({ type }) => type)).toEqual(types);
      expect(frames.reduce((sum, { payload }) => sum + payload.length, 0)).toBe(length);
      expect(frames.every(({ payload, streamId }) => payload.length <= 16_384 && streamId === 7)).toBe(true);
      // The stream's end stands in the first frame, that of the block in the last.
      expect(frames.map(({ flags }) => (flags & Flag.endStream) !== 0)).toEqual(types.map((_, at) => at === 0));
      expect(frames.map(({ flags }) => (flags & Flag.endHeaders) !== 0)).toEqual(
        types.map((_, at) => at === types.length - 1),
      );
    }
  });
});

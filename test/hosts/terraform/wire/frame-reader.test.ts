import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FrameReader } from "../../../../src/hosts/terraform/wire/frame-reader.js";
import { MAX_FRAME, PREFACE } from "../../../../src/hosts/terraform/wire/frames.js";
import { frame, type Frame } from "./raw-peer.js";

function reading(expectPreface = false): { reader: FrameReader; frames: Frame[] } {
  const frames: Frame[] = [];
  const reader = new FrameReader((type, flags, streamId, payload) => {
    frames.push({ type, flags, streamId, payload });
  }, expectPreface);
  return { reader, frames };
}

const FRAME: fc.Arbitrary<Frame> = fc.record({
  type: fc.integer({ min: 0, max: 255 }),
  flags: fc.integer({ min: 0, max: 255 }),
  streamId: fc.integer({ min: 0, max: 0x7fff_ffff }),
  payload: fc
    .oneof(
      fc.uint8Array({ maxLength: 30 }),
      fc.constantFrom(1000, MAX_FRAME).map((size) => new Uint8Array(size)),
    )
    .map((bytes) => Buffer.from(bytes)),
});

/** Cuts bytes into pieces of the given sizes, over and over. */
function pieces(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const cut: Buffer[] = [];
  for (let at = 0, n = 0; at < bytes.length; n++) {
    const size = sizes[n % sizes.length] ?? 1;
    cut.push(bytes.subarray(at, at + size));
    at += size;
  }
  return cut;
}

describe("frames", () => {
  it("are the same however the bytes are cut", () => {
    fc.assert(
      fc.property(
        fc.array(FRAME, { maxLength: 12 }),
        fc.array(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 20_000 })), { minLength: 1 }),
        fc.boolean(),
        (sent, sizes, preface) => {
          const { reader, frames } = reading(preface);
          const bytes = sent.map(({ type, flags, streamId, payload }) => frame(type, flags, streamId, payload));
          for (const piece of pieces(Buffer.concat([...(preface ? [PREFACE] : []), ...bytes]), sizes)) {
            reader.push(piece);
          }
          expect(frames).toEqual(sent);
        },
      ),
    );
  });

  it("that are whole in a chunk are views on it", () => {
    const { reader, frames } = reading();
    const chunk = frame(0, 0, 1, Buffer.from("payload"));
    reader.push(chunk);
    expect(frames[0]?.payload.buffer).toBe(chunk.buffer);
  });

  it("may hold 16 KiB; one byte more is a fault as soon as the header is there", () => {
    const { reader, frames } = reading();
    reader.push(frame(0, 0, 1, Buffer.alloc(MAX_FRAME)));
    expect(frames).toHaveLength(1);
    const over = frame(0, 0, 1, Buffer.alloc(MAX_FRAME + 1)).subarray(0, 9);
    expect(() => {
      reader.push(over);
    }).toThrow(expect.objectContaining({ http2Code: 6 }));
    const byByte = reading().reader;
    byByte.push(over.subarray(0, 8));
    expect(() => {
      byByte.push(over.subarray(8));
    }).toThrow(expect.objectContaining({ http2Code: 6 }));
  });

  it.each([0, 1, 10, PREFACE.length - 1])("do not come after a preface that is wrong at byte %i", (at) => {
    const wrong = Buffer.from(PREFACE);
    wrong[at] = 0;
    for (const sizes of [[24], [1], [7]]) {
      const { reader } = reading(true);
      expect(() => {
        for (const piece of pieces(wrong, sizes)) reader.push(piece);
      }).toThrow(expect.objectContaining({ http2Code: 1 }));
    }
  });
});

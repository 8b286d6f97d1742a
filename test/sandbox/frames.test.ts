import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeFrame, FRAME_OVERHEAD_BYTES, FrameReader, FrameWriter } from "../../src/sandbox/frames.js";
import { thrownCode } from "../support/codes.js";

function readerOf(maxFrameBytes = 1_000_000): { reader: FrameReader; frames: (readonly unknown[])[] } {
  const frames: (readonly unknown[])[] = [];
  return {
    reader: new FrameReader(
      (messages) => frames.push(messages),
      () => maxFrameBytes,
    ),
    frames,
  };
}

describe("frames", () => {
  it("come out as they went in, however the stream is cut", () => {
    const message = fc.tuple(fc.constant("answer"), fc.nat(), fc.array(fc.string()));
    fc.assert(
      fc.property(
        fc.array(fc.array(message)),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        (batches, cuts) => {
          const bytes = Buffer.concat(batches.map(encodeFrame));
          const { reader, frames } = readerOf();
          for (let at = 0, turn = 0; at < bytes.length; turn++) {
            const size = cuts[turn % cuts.length] ?? 1;
            reader.push(bytes.subarray(at, at + size));
            at += size;
          }
          expect(frames).toEqual(batches);
        },
      ),
    );
  });

  it("carry bytes", () => {
    const { reader, frames } = readerOf();
    reader.push(encodeFrame([["pool", Buffer.from([1, 2, 3])]]));
    expect(frames).toEqual([[["pool", Buffer.from([1, 2, 3])]]]);
  });

  it("of the allowed size pass, one byte more does not", () => {
    const frame = encodeFrame(["x".repeat(100)]);
    const body = frame.length - 4;
    const accepted = readerOf(body);
    accepted.reader.push(frame);
    expect(accepted.frames).toHaveLength(1);
    expect(
      thrownCode(() => {
        readerOf(body - 1).reader.push(frame);
      }),
    ).toBe("SANDBOX_BAD_FRAME");
  });

  it.each([
    ["no msgpack", Buffer.from([0, 0, 0, 1, 0xc1])],
    ["no array", Buffer.from([0, 0, 0, 1, 0x2a])],
    ["cut short", Buffer.from([0, 0, 0, 1, 0x92])],
  ])("with %s are refused", (_name, bytes) => {
    expect(
      thrownCode(() => {
        readerOf().reader.push(bytes);
      }),
    ).toBe("SANDBOX_BAD_FRAME");
  });
});

describe("a frame writer", () => {
  it("gathers the messages of one turn into one frame", async () => {
    const written: Buffer[] = [];
    const writer = new FrameWriter<string>((frame) => written.push(frame));
    writer.send("one");
    writer.send("two");
    await new Promise((resolve) => setImmediate(resolve));
    writer.send("three");
    writer.flush();
    const { reader, frames } = readerOf();
    for (const frame of written) reader.push(frame);
    expect(frames).toEqual([["one", "two"], ["three"]]);
  });
});

describe("a large turn", () => {
  it("is written as several frames, each of at most one large message", () => {
    const written: Buffer[] = [];
    const writer = new FrameWriter<unknown[]>((frame) => written.push(frame));
    const messages = Array.from({ length: 8 }, (_, at) => ["answer", at, ["x".repeat(200_000)]]);
    for (const message of messages) writer.send(message);
    writer.flush();
    const { reader, frames } = readerOf(200_000 + FRAME_OVERHEAD_BYTES);
    for (const frame of written) reader.push(frame);
    expect(frames.length).toBeGreaterThan(3);
    expect(frames.flat()).toEqual(messages);
  });
});

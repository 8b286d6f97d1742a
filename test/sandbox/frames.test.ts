import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FRAME_OVERHEAD_BYTES, FrameWriter } from "../../src/sandbox/frame-writer.js";
import { encodeFrame, FrameReader } from "../../src/sandbox/frames.js";
import type { TextFrame } from "../../src/sandbox/frames.js";
import { thrownCode } from "../support/codes.js";

/** Text frames are kept as arrays, too. */
function readerOf(maxFrameBytes = 1_000_000): { reader: FrameReader; frames: (readonly unknown[])[] } {
  const frames: (readonly unknown[])[] = [];
  const handler = {
    messages: (messages: readonly unknown[]) => frames.push(messages),
    text: ({ guest, seq, figure, text }: TextFrame<Buffer>) => frames.push([guest, seq, figure, text.toString()]),
  };
  return { reader: new FrameReader(handler, () => maxFrameBytes), frames };
}

/** What a writer writes, in its order; its buffers are never given back, so they stay as they are. */
function writerOf<Message>(): { writer: FrameWriter<Message>; written: Uint8Array[] } {
  const written: Uint8Array[] = [];
  return { writer: new FrameWriter<Message>((bytes) => written.push(bytes)), written };
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
    ["nothing in it", Buffer.from([0, 0, 0, 0])],
    ["a text without its head", Buffer.concat([Buffer.from([0, 0, 0, 16, 0xc1]), Buffer.alloc(15)])],
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
    const { writer, written } = writerOf<string>();
    writer.send("one");
    writer.send("two");
    await new Promise((resolve) => setImmediate(resolve));
    writer.send("three");
    writer.flush();
    const { reader, frames } = readerOf();
    for (const bytes of written) reader.push(Buffer.from(bytes));
    expect(frames).toEqual([["one", "two"], ["three"]]);
  });

  it("keeps texts and messages in their order, whatever their size and however the stream is cut", () => {
    const text = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.nat(70_000).map((length) => "é".repeat(length)),
    );
    const message = fc.tuple(fc.constant("log"), fc.nat());
    const frame = fc.record({ guest: fc.nat(), seq: fc.nat(), figure: fc.double({ noNaN: true }), text });
    fc.assert(
      fc.property(fc.array(fc.oneof(message, frame)), fc.integer({ min: 1, max: 100_000 }), (all, cut) => {
        const { writer, written } = writerOf<unknown>();
        for (const one of all) {
          if (Array.isArray(one)) writer.send(one);
          else writer.text(one);
        }
        writer.flush();
        const bytes = Buffer.concat(written);
        const { reader, frames } = readerOf();
        for (let at = 0; at < bytes.length; at += cut) reader.push(bytes.subarray(at, at + cut));
        const read = frames.flatMap((one) => (Array.isArray(one[0]) ? one : [one]));
        const sent = all.map((one) => (Array.isArray(one) ? one : [one.guest, one.seq, one.figure, one.text]));
        expect(read).toEqual(sent);
      }),
      { numRuns: 30 },
    );
  });

  it("writes over a buffer only when it was told that it may", () => {
    const written: { readonly bytes: Uint8Array; readonly done: () => void }[] = [];
    const writer = new FrameWriter((bytes, done) => written.push({ bytes, done }));
    const say = (seq: number): void => {
      writer.text({ guest: 1, seq, figure: 0, text: "text" });
      writer.flush();
    };
    say(1);
    const before = Buffer.from(written[0]?.bytes ?? []);
    say(2);
    expect(Buffer.from(written[0]?.bytes ?? [])).toEqual(before);
    written[0]?.done();
    say(3);
    expect(written[2]?.bytes.buffer).toBe(written[0]?.bytes.buffer);
  });
});

describe("a large turn", () => {
  it("is written as several frames, each of at most one large message", () => {
    const { writer, written } = writerOf<unknown[]>();
    const messages = Array.from({ length: 8 }, (_, at) => ["request", at, ["x".repeat(200_000)]]);
    for (const message of messages) writer.send(message);
    writer.flush();
    const { reader, frames } = readerOf(200_000 + FRAME_OVERHEAD_BYTES);
    for (const bytes of written) reader.push(Buffer.from(bytes));
    expect(frames.length).toBeGreaterThan(3);
    expect(frames.flat()).toEqual(messages);
  });
});

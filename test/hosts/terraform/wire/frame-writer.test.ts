import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FrameWriter } from "../../../../src/hosts/terraform/wire/frame-writer.js";
import { frame } from "./raw-peer.js";

const PAYLOAD = fc
  .oneof(fc.integer({ min: 0, max: 100 }), fc.constantFrom(4096, 4097, 16_384))
  .chain((size) => fc.integer({ min: 0, max: 255 }).map((fill) => Buffer.alloc(size, fill)));

describe("written frames", () => {
  it("are the bytes in order, however often they are taken, and do not change later", () => {
    fc.assert(
      fc.property(fc.array(fc.array(PAYLOAD, { maxLength: 15 }), { maxLength: 8 }), (batches) => {
        const writer = new FrameWriter();
        const taken = batches.map((batch) => {
          for (const payload of batch) {
            writer.header(payload.length, 0, 1, 3);
            writer.bytes(payload);
          }
          const length = writer.length;
          const chunks = writer.take();
          expect(length).toBe(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
          expect(writer.length).toBe(0);
          return chunks;
        });
        batches.forEach((batch, at) => {
          const wanted = Buffer.concat(batch.map((payload) => frame(0, 1, 3, payload)));
          expect(Buffer.concat(taken[at] ?? []).equals(wanted)).toBe(true);
        });
      }),
    );
  });

  it("of small calls leave as one piece", () => {
    const writer = new FrameWriter();
    for (let call = 0; call < 20; call++) {
      writer.header(1000, 0, 0, 1);
      writer.bytes(Buffer.alloc(1000));
    }
    expect(writer.take()).toHaveLength(1);
  });

  it("of large payloads hold them by reference", () => {
    const writer = new FrameWriter();
    const payload = Buffer.alloc(16_384);
    writer.header(payload.length, 0, 0, 1);
    writer.bytes(payload);
    expect(writer.take()[1]?.buffer).toBe(payload.buffer);
  });

  it("are none when nothing was written", () => {
    expect(new FrameWriter().take()).toEqual([]);
  });
});

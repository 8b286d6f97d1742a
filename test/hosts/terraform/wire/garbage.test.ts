import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PREFACE } from "../../../../src/hosts/terraform/wire/frames.js";
import { block, data, frame, headers, prefixed, REQUEST, RESPONSE, settings } from "./raw-peer.js";
import { rawRelay, UNCHANGED } from "./relays.js";

/** Frames that are nearly right: every type, few streams, small payloads of random or meaningful bytes. */
const FRAME = fc
  .record({
    type: fc.integer({ min: 0, max: 10 }),
    flags: fc.integer({ min: 0, max: 0x2f }),
    streamId: fc.integer({ min: 0, max: 9 }),
    payload: fc.oneof(
      fc.uint8Array({ maxLength: 24 }),
      fc.constantFrom(block(REQUEST), block(RESPONSE), prefixed(Buffer.from("x")), Buffer.alloc(4), Buffer.alloc(8, 1)),
    ),
  })
  .map(({ type, flags, streamId, payload }) => frame(type, flags, streamId, payload));

const BYTES = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.array(FRAME, { maxLength: 12 }).map((all) => Buffer.concat(all)),
);

describe("whatever bytes come", () => {
  it("from core: the relay ends, and nothing throws", async () => {
    await fc.assert(
      fc.asyncProperty(BYTES, fc.boolean(), fc.boolean(), async (bytes, greets, isHeld) => {
        const { core, provider, relay } = await rawRelay(() => (isHeld ? UNCHANGED : null));
        void provider.then((peer) => {
          peer.send(settings());
        });
        if (greets) core.send(PREFACE, settings());
        core.send(bytes);
        core.socket.end();
        await relay.closed;
      }),
      { numRuns: 80 },
    );
  });

  it("from the provider: every call of core ends or waits for the provider, and closing it ends the rest", async () => {
    await fc.assert(
      fc.asyncProperty(BYTES, fc.boolean(), fc.boolean(), async (bytes, greets, isHeld) => {
        const { core, provider: connecting, relay } = await rawRelay(() => (isHeld ? UNCHANGED : null));
        core.greet();
        core.send(headers(1, REQUEST), data(1, prefixed(Buffer.from("x")), true), headers(3, REQUEST));
        const provider = await connecting;
        if (greets) provider.send(settings());
        provider.send(bytes);
        provider.socket.end();
        await core.frame(({ type, flags, streamId }) => {
          return streamId === 1 && (type === 3 || (type <= 1 && (flags & 1) !== 0));
        });
        // Core's connection is as good as new.
        await core.settled();
        core.send(headers(5, REQUEST, true));
        expect(core.fields(await core.of(1, 5))).toMatchObject({ "grpc-status": "14" });
        relay.close();
        await relay.closed;
      }),
      { numRuns: 80 },
    );
  });
});

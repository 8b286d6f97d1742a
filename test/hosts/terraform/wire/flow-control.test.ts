import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FrameType, Setting } from "../../../../src/hosts/terraform/wire/frames.js";
import { CONNECTION_WINDOW, STREAM_WINDOW } from "../../../../src/hosts/terraform/wire/receive-window.js";
import { answer, data, frame, headers, prefixed, REQUEST, RESPONSE, settings, TRAILERS, widen } from "./raw-peer.js";
import type { RawPeer } from "./raw-peer.js";
import { rawRelay, UNCHANGED } from "./relays.js";

const WINDOW = Setting.initialWindowSize;

/** DATA that came on a stream so far, in bytes. */
function got(peer: RawPeer, streamId: number): number {
  return peer.received
    .filter((frame) => frame.type === FrameType.data && frame.streamId === streamId)
    .reduce((sum, { payload }) => sum + payload.length, 0);
}

describe("bytes towards the provider", () => {
  it("never pass its stream window: nothing, then byte by byte, then all", async () => {
    const { core, provider: connecting } = await rawRelay();
    const message = prefixed(randomBytes(5000));
    core.greet();
    core.send(headers(1, REQUEST), data(1, message, true));
    const provider = await connecting;
    provider.send(settings([[WINDOW, 0]]));
    await provider.of(FrameType.headers, 1);
    await provider.settled();
    expect(got(provider, 1)).toBe(0);
    for (let allowed = 1; allowed <= 3; allowed++) {
      provider.send(widen(1, 1));
      await provider.bytes(1, allowed);
      await provider.settled();
      expect(got(provider, 1)).toBe(allowed);
    }
    provider.send(widen(1, 10_000));
    await provider.end(1);
    expect(await provider.bytes(1, message.length)).toEqual(message);
  });

  it("never pass its connection window", async () => {
    const { core, provider: connecting } = await rawRelay();
    const message = prefixed(randomBytes(100_000));
    core.greet();
    core.send(headers(1, REQUEST));
    for (let at = 0; at < message.length; at += 16_000) core.send(data(1, message.subarray(at, at + 16_000)));
    core.send(data(1, Buffer.alloc(0), true));
    const provider = await connecting;
    provider.send(settings([[WINDOW, 1_000_000]]));
    await provider.bytes(1, 65_535);
    await provider.settled();
    expect(got(provider, 1)).toBe(65_535);
    provider.send(widen(0, 1_000_000));
    await provider.end(1);
    expect(await provider.bytes(1, message.length)).toEqual(message);
  });

  it("wait while a lowered setting makes the window negative", async () => {
    const { core, provider: connecting } = await rawRelay();
    core.greet();
    core.send(headers(1, REQUEST), data(1, randomBytes(1000)));
    const provider = await connecting;
    provider.send(settings([[WINDOW, 1000]]));
    await provider.bytes(1, 1000);
    provider.send(settings([[WINDOW, 0]]));
    core.send(data(1, randomBytes(500), true));
    await core.settled();
    // The window is at -1000 now: 1000 more make it 0.
    provider.send(widen(1, 1000));
    await provider.settled();
    expect(got(provider, 1)).toBe(1000);
    provider.send(widen(1, 1));
    await provider.bytes(1, 1001);
    await provider.settled();
    expect(got(provider, 1)).toBe(1001);
    provider.send(settings([[WINDOW, 499]]));
    await provider.end(1);
    expect(got(provider, 1)).toBe(1500);
  });

  it("of one stream do not hold up those of another", async () => {
    const { core, provider: connecting } = await rawRelay();
    core.greet();
    core.send(headers(1, REQUEST), data(1, randomBytes(3000), true));
    const provider = await connecting;
    provider.send(settings([[WINDOW, 1000]]));
    await provider.bytes(1, 1000);
    core.send(headers(3, REQUEST), data(3, randomBytes(900), true));
    await provider.end(3);
    expect(got(provider, 1)).toBe(1000);
  });

  it("of several streams take turns", async () => {
    const { core, provider: connecting } = await rawRelay();
    core.greet();
    core.send(headers(1, REQUEST), headers(3, REQUEST), headers(5, REQUEST));
    const provider = await connecting;
    provider.send(settings([[WINDOW, 0]]));
    for (const id of [1, 3, 5]) for (let n = 0; n < 2; n++) core.send(data(id, randomBytes(16_384)));
    await core.settled();
    provider.send(settings([[WINDOW, 40_000]]), widen(0, 1_000_000));
    for (const id of [1, 3, 5]) await provider.bytes(id, 32_768);
    const order = provider.received.filter(({ type }) => type === FrameType.data).map(({ streamId }) => streamId);
    expect(order).toEqual([1, 3, 5, 1, 3, 5]);
  });

  it("of a message that its handler made larger keep to the windows too", async () => {
    const grown = randomBytes(300_000);
    const { core, provider: connecting } = await rawRelay(() => ({
      ...UNCHANGED,
      request: () => ({ forward: grown }),
    }));
    core.greet();
    core.send(headers(1, REQUEST), data(1, prefixed(Buffer.alloc(1)), true));
    const provider = await connecting;
    provider.send(settings());
    await provider.bytes(1, 65_535);
    await provider.settled();
    expect(got(provider, 1)).toBe(65_535);
    provider.send(widen(0, 1_000_000), widen(1, 1_000_000));
    await provider.end(1);
    expect((await provider.bytes(1, 300_005)).equals(prefixed(grown))).toBe(true);
  });
});

describe("bytes towards core", () => {
  it("keep to its windows, and trailers come after them", async () => {
    const { core, provider: connecting } = await rawRelay();
    const message = randomBytes(1000);
    core.greet([[WINDOW, 10]]);
    core.send(headers(1, REQUEST), data(1, prefixed(Buffer.alloc(3)), true));
    const provider = await connecting;
    provider.send(settings(), answer(1, message));
    await core.bytes(1, 10);
    await provider.settled();
    await core.settled();
    expect(got(core, 1)).toBe(10);
    core.send(widen(1, 10_000));
    await core.end(1);
    expect(await core.bytes(1, 1005)).toEqual(prefixed(message));
    const heads = core.received.filter(({ type }) => type === FrameType.headers).map((head) => core.fields(head));
    expect(heads).toEqual([RESPONSE, TRAILERS]);
  });

  it("arrive whole under windows of any size, in any steps", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 3000 }),
        fc.array(fc.integer({ min: 1, max: 2000 }), { maxLength: 10 }),
        fc.integer({ min: 0, max: 6000 }),
        fc.boolean(),
        async (initial, steps, size, isHeld) => {
          const { core, provider: connecting } = await rawRelay(() => (isHeld ? UNCHANGED : null));
          const message = randomBytes(size);
          core.greet([[WINDOW, initial]]);
          core.send(headers(1, REQUEST), data(1, prefixed(Buffer.alloc(0)), true));
          const provider = await connecting;
          provider.send(settings(), answer(1, message));
          await core.of(FrameType.headers, 1);
          let allowed = initial;
          for (const step of steps) {
            await core.settled();
            expect(got(core, 1)).toBeLessThanOrEqual(allowed);
            if (allowed > size + 5) break;
            core.send(widen(1, step));
            allowed += step;
          }
          if (allowed <= size + 5) core.send(widen(1, 10_000));
          await core.end(1);
          expect(await core.bytes(1, size + 5)).toEqual(prefixed(message));
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe("what we allow", () => {
  it("is 4 MiB a stream and 16 MiB a connection", async () => {
    const { core } = await rawRelay();
    const { payload } = await core.of(FrameType.settings, 0);
    expect([...payload.subarray(6, 12)]).toEqual([0, WINDOW, 0, 0x40, 0, 0]);
    const { payload: by } = await core.of(FrameType.windowUpdate, 0);
    expect(by.readUInt32BE(0) + 65_535).toBe(CONNECTION_WINDOW);
  });

  it("may be used up on one stream, and a byte more ends the connection with FLOW_CONTROL_ERROR", async () => {
    const { core, provider: connecting } = await rawRelay();
    core.greet();
    core.send(headers(1, REQUEST));
    const provider = await connecting;
    // The provider takes nothing, so no credit goes back.
    provider.send(settings([[WINDOW, 0]]));
    for (let at = 0; at < STREAM_WINDOW; at += 16_384) core.send(data(1, Buffer.alloc(16_384)));
    await core.settled();
    core.send(data(1, Buffer.alloc(1)));
    expect((await core.of(FrameType.goaway, 0)).payload.readUInt32BE(4)).toBe(3);
    await core.ended;
  });

  it("may be used up on the connection, and a byte more ends it with FLOW_CONTROL_ERROR", async () => {
    const { core, provider: connecting } = await rawRelay();
    core.greet();
    core.send(headers(1, REQUEST));
    const provider = await connecting;
    provider.send(settings([[WINDOW, 0]]));
    for (const id of [1, 3, 5, 7]) {
      if (id > 1) core.send(headers(id, REQUEST));
      for (let at = 0; at < STREAM_WINDOW; at += 16_384) core.send(data(id, Buffer.alloc(16_384)));
    }
    core.send(headers(9, REQUEST));
    await core.settled();
    core.send(data(9, Buffer.alloc(1)));
    expect((await core.of(FrameType.goaway, 0)).payload.readUInt32BE(4)).toBe(3);
    await core.ended;
  });

  it("is given back for a request of which the provider wants no more", async () => {
    const { core, provider: connecting } = await rawRelay();
    core.greet();
    core.send(headers(1, REQUEST));
    const provider = await connecting;
    provider.send(settings(), answer(1, Buffer.from("early")), frame(FrameType.rstStream, 0, 1, Buffer.alloc(4)));
    await core.end(1);
    await provider.settled();
    for (let sent = 0; sent < STREAM_WINDOW; sent += 16_384) core.send(data(1, Buffer.alloc(16_384)));
    await core.of(FrameType.windowUpdate, 1);
  });

  it("counts padding, and gives it back at once", async () => {
    const { core, provider: connecting } = await rawRelay();
    core.greet();
    core.send(headers(1, REQUEST));
    const provider = await connecting;
    provider.send(settings([[WINDOW, 0]]));
    const padded = frame(FrameType.data, 8, 1, Buffer.concat([Buffer.of(255), Buffer.alloc(255)]));
    // 256 bytes each; over 2 MiB of them bring an update of the stream's window.
    for (let sent = 0; sent < STREAM_WINDOW / 2; sent += 256) core.send(padded);
    const update = await core.of(FrameType.windowUpdate, 1);
    expect(update.payload.readUInt32BE(0)).toBe(STREAM_WINDOW / 2);
  });

  it("is given back as the provider takes bytes: ten windows pass on one stream", async () => {
    const { core, provider: connecting } = await rawRelay();
    core.greet();
    core.send(headers(1, REQUEST));
    const provider = await connecting;
    provider.send(settings([[WINDOW, 0x7fff_ffff]]), widen(0, 0x7fff_0000));
    let allowed = STREAM_WINDOW;
    for (let sent = 0; sent < 10 * STREAM_WINDOW; sent += 16_384) {
      while (allowed - sent < 16_384) {
        const update = await core.of(FrameType.windowUpdate, 1);
        core.received.splice(core.received.indexOf(update), 1);
        allowed += update.payload.readUInt32BE(0);
      }
      core.send(data(1, Buffer.alloc(16_384)));
    }
    core.send(data(1, Buffer.alloc(0), true));
    await provider.end(1);
    expect(got(provider, 1)).toBe(10 * STREAM_WINDOW);
  });

  it("is given back when a stream with waiting bytes is reset", async () => {
    const { core, provider: connecting } = await rawRelay();
    core.greet();
    core.send(headers(1, REQUEST));
    const provider = await connecting;
    provider.send(settings([[WINDOW, 0]]));
    // Six streams of 4 MiB would be over the 16 MiB of the connection if nothing came back.
    for (let id = 1; id <= 11; id += 2) {
      if (id > 1) core.send(headers(id, REQUEST));
      for (let at = 0; at < STREAM_WINDOW; at += 16_384) core.send(data(id, Buffer.alloc(16_384)));
      core.send(frame(FrameType.rstStream, 0, id, Buffer.of(0, 0, 0, 8)));
      await core.settled();
    }
    expect(core.received.some(({ type }) => type === FrameType.goaway)).toBe(false);
  });
});

describe("a window that a peer makes too large", () => {
  it.each([
    ["of the connection", widen(0, 0x7fff_ffff)],
    ["by a setting", settings([[WINDOW, 0x8000_0000]])],
    [
      "of a stream that exists, by a setting",
      Buffer.concat([widen(1, 0x7fff_0000), settings([[WINDOW, 0x7fff_ffff]])]),
    ],
  ])("%s ends the connection with FLOW_CONTROL_ERROR", async (_what, bytes) => {
    const { core } = await rawRelay();
    core.greet();
    core.send(headers(1, REQUEST), bytes);
    expect((await core.of(FrameType.goaway, 0)).payload.readUInt32BE(4)).toBe(3);
    await core.ended;
  });

  it("of one stream resets it, and the connection goes on", async () => {
    const { core } = await rawRelay();
    core.greet();
    core.send(headers(1, REQUEST), widen(1, 0x7fff_ffff));
    expect((await core.of(FrameType.rstStream, 1)).payload.readUInt32BE(0)).toBe(3);
    await core.settled();
  });

  it("a step of nothing resets the stream, and on the connection ends it", async () => {
    const { core } = await rawRelay();
    core.greet();
    core.send(headers(1, REQUEST), widen(1, 0));
    expect((await core.of(FrameType.rstStream, 1)).payload.readUInt32BE(0)).toBe(1);
    core.send(widen(0, 0));
    expect((await core.of(FrameType.goaway, 0)).payload.readUInt32BE(4)).toBe(1);
  });
});

it("a head without anything after it needs no window", async () => {
  const { core, provider: connecting } = await rawRelay();
  core.greet([[WINDOW, 0]]);
  core.send(headers(1, REQUEST, true));
  const provider = await connecting;
  provider.send(settings([[WINDOW, 0]]));
  await provider.end(1);
  provider.send(headers(1, { ...RESPONSE, ...TRAILERS }, true));
  await core.end(1);
});

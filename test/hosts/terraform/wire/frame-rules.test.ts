import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { Flag, FrameType, PREFACE, Setting } from "../../../../src/hosts/terraform/wire/frames.js";
import { MAX_STREAMS } from "../../../../src/hosts/terraform/wire/hop.js";
import { MAX_HEADER_LIST } from "../../../../src/hosts/terraform/wire/hpack-decoder.js";
import { WireError } from "../../../../src/hosts/terraform/wire/wire-error.js";
import {
  answer,
  block,
  data,
  frame,
  headers,
  prefixed,
  REQUEST,
  reset,
  RESPONSE,
  settings,
  TRAILERS,
  uint32,
} from "./raw-peer.js";
import { rawRelay, UNCHANGED } from "./relays.js";

const MESSAGE = prefixed(Buffer.from("message"));

describe("what node:http2 does not produce is understood", () => {
  it("padded HEADERS with a priority, and padded DATA", async () => {
    const { core, provider: connecting } = await rawRelay();
    core.greet();
    const head = Buffer.concat([Buffer.of(4), uint32(0x8000_0000), Buffer.of(200), block(REQUEST), Buffer.alloc(4)]);
    core.send(frame(FrameType.headers, Flag.endHeaders | Flag.padded | Flag.priority, 1, head));
    const padded = Buffer.concat([Buffer.of(7), MESSAGE, Buffer.alloc(7)]);
    core.send(frame(FrameType.data, Flag.padded | Flag.endStream, 1, padded));
    const provider = await connecting;
    provider.send(settings());
    expect(provider.fields(await provider.of(FrameType.headers, 1))).toEqual(REQUEST);
    expect((await provider.of(FrameType.data, 1)).payload).toEqual(MESSAGE);
  });

  it.each([1, 3, 50])("a header block in pieces of %i bytes", async (size) => {
    const { core, provider: connecting } = await rawRelay();
    core.greet();
    const whole = block(REQUEST).subarray(0, size === 1 ? 100 : undefined);
    const fields = size === 1 ? block({ ":path": "/a/b" }) : whole;
    core.send(frame(FrameType.headers, Flag.endStream, 1, fields.subarray(0, size)));
    for (let at = size; at < fields.length; at += size) {
      core.send(frame(FrameType.continuation, 0, 1, fields.subarray(at, at + size)));
    }
    core.send(frame(FrameType.continuation, Flag.endHeaders, 1));
    const provider = await connecting;
    provider.send(settings());
    const fieldsThere = provider.fields(await provider.of(FrameType.headers, 1));
    expect(fieldsThere).toEqual(size === 1 ? { ":path": "/a/b" } : REQUEST);
  });

  it("PRIORITY, frames of unknown types, unknown settings and unknown flags", async () => {
    const { core, provider: connecting } = await rawRelay();
    core.greet([[0xff, 7]]);
    core.send(
      frame(FrameType.priority, 0, 1, Buffer.alloc(5)),
      frame(0xee, 0xff, 0, randomBytes(20)),
      frame(0xef, 0xff, 1, randomBytes(20)),
      frame(FrameType.headers, Flag.endHeaders | 0x40, 1, block(REQUEST)),
      data(1, MESSAGE, true),
    );
    const provider = await connecting;
    provider.send(settings());
    await provider.end(1);
  });

  it("a stream id with its reserved bit set", async () => {
    const { core, provider: connecting } = await rawRelay();
    core.greet();
    core.send(headers(0x8000_0001, REQUEST), data(0x8000_0001, MESSAGE, true));
    const provider = await connecting;
    provider.send(settings());
    await provider.end(1);
  });

  it("bytes that come one at a time", async () => {
    const { core, provider: connecting } = await rawRelay();
    const all = Buffer.concat([PREFACE, settings(), headers(1, REQUEST), data(1, MESSAGE, true)]);
    for (const byte of all) {
      core.socket.write(Buffer.of(byte));
      await new Promise(setImmediate);
    }
    const provider = await connecting;
    provider.send(settings());
    expect(await provider.bytes(1, MESSAGE.length)).toEqual(MESSAGE);
  });

  it("an answer of several heads: informational ones go first", async () => {
    const { core, provider: connecting } = await rawRelay(() => UNCHANGED);
    core.greet();
    core.send(headers(1, REQUEST), data(1, MESSAGE, true));
    const provider = await connecting;
    provider.send(settings(), headers(1, { ":status": "103" }), answer(1, Buffer.from("x")));
    await core.end(1);
    const heads = core.received.filter(({ type }) => type === FrameType.headers).map((head) => core.fields(head));
    expect(heads).toEqual([{ ":status": "103" }, RESPONSE, TRAILERS]);
  });

  it("an answer of trailers only", async () => {
    const { core, provider: connecting } = await rawRelay(() => UNCHANGED);
    core.greet();
    core.send(headers(1, REQUEST), data(1, MESSAGE, true));
    const provider = await connecting;
    const only = { ...RESPONSE, "grpc-status": "12", "grpc-message": "no such method" };
    provider.send(settings(), headers(1, only, true));
    expect(core.fields(await core.of(FrameType.headers, 1))).toEqual(only);
  });
});

describe("stream ids", () => {
  it("on the provider's side are our own, in the order of opening", async () => {
    const { core, provider: connecting } = await rawRelay((path) => {
      return path === "/answered" ? { ...UNCHANGED, request: (message) => ({ answer: message }) } : null;
    });
    core.greet();
    core.send(headers(1, { ...REQUEST, ":path": "/answered" }), data(1, MESSAGE, true));
    core.send(headers(7, REQUEST), data(7, MESSAGE, true));
    core.send(headers(101, { ...REQUEST, ":path": "/other" }), data(101, MESSAGE, true));
    const provider = await connecting;
    provider.send(settings());
    expect(provider.fields(await provider.of(FrameType.headers, 1))).toEqual(REQUEST);
    expect(provider.fields(await provider.of(FrameType.headers, 3))).toMatchObject({ ":path": "/other" });
    provider.send(answer(3, Buffer.from("second")), answer(1, Buffer.from("first")));
    expect(await core.bytes(101, 11)).toEqual(prefixed(Buffer.from("second")));
    expect(await core.bytes(7, 10)).toEqual(prefixed(Buffer.from("first")));
  });
});

describe("settings of the provider", () => {
  it("limit how many streams are open; the others wait in order", async () => {
    const { core, provider: connecting } = await rawRelay();
    core.greet();
    for (const id of [1, 3, 5, 7])
      core.send(headers(id, { ...REQUEST, ":path": `/${String(id)}` }), data(id, MESSAGE, true));
    const provider = await connecting;
    provider.send(settings([[Setting.maxConcurrentStreams, 2]]));
    await provider.end(3);
    await provider.settled();
    expect(provider.received.some(({ streamId }) => streamId > 3)).toBe(false);
    // One of those that wait is cancelled and never opened.
    core.send(reset(5, 8));
    await core.settled();
    provider.send(answer(3, Buffer.from("x")));
    expect(provider.fields(await provider.of(FrameType.headers, 5))).toMatchObject({ ":path": "/7" });
    await core.end(3);
  });

  it("are waited for before the first stream is opened", async () => {
    const { core, provider: connecting } = await rawRelay();
    core.greet();
    core.send(headers(1, REQUEST), data(1, MESSAGE, true));
    const provider = await connecting;
    await provider.of(FrameType.settings, 0);
    await core.settled();
    expect(provider.received.some(({ type }) => type === FrameType.headers)).toBe(false);
    provider.send(settings());
    await provider.end(1);
  });

  it("that lower the header table make the next block start with an empty one, once", async () => {
    const { core, provider: connecting } = await rawRelay();
    core.greet();
    core.send(headers(1, REQUEST, true));
    const provider = await connecting;
    provider.send(settings([[Setting.headerTableSize, 0]]));
    expect((await provider.of(FrameType.headers, 1)).payload[0]).toBe(0x20);
    core.send(headers(3, REQUEST, true));
    expect((await provider.of(FrameType.headers, 3)).payload[0]).not.toBe(0x20);
    provider.send(settings([[Setting.headerTableSize, 8192]]));
    await provider.settled();
    core.send(headers(5, REQUEST, true));
    expect((await provider.of(FrameType.headers, 5)).payload[0]).not.toBe(0x20);
    provider.send(settings([[Setting.headerTableSize, 100]]));
    await provider.settled();
    core.send(headers(7, REQUEST, true));
    expect((await provider.of(FrameType.headers, 7)).payload[0]).toBe(0x20);
  });

  it("are acknowledged, and so are pings, with the same bytes", async () => {
    const { core } = await rawRelay();
    core.greet();
    await core.frame(({ type, flags }) => type === FrameType.settings && flags === Flag.ack);
    const opaque = randomBytes(8);
    core.send(frame(FrameType.ping, 0, 0, opaque), frame(FrameType.ping, Flag.ack, 0, randomBytes(8)));
    const { payload } = await core.frame(({ type, flags }) => type === FrameType.ping && flags === Flag.ack);
    expect(payload).toEqual(opaque);
    await core.settled();
    expect(core.received.filter(({ type }) => type === FrameType.ping)).toHaveLength(2);
  });
});

const HEAD = headers(1, REQUEST);

describe("core breaks a rule: its connection ends, with the code", () => {
  it.each<[string, number, Buffer]>([
    ["a frame over 16 KiB", 6, frame(FrameType.data, 0, 1, Buffer.alloc(16_385))],
    ["a frame before SETTINGS", 1, headers(1, REQUEST)],
    ["an acknowledgement before SETTINGS", 1, frame(FrameType.settings, Flag.ack, 0)],
  ])("%s, right after the preface", async (_what, code, bytes) => {
    const { core } = await rawRelay();
    core.send(PREFACE, bytes);
    expect((await core.of(FrameType.goaway, 0)).payload.readUInt32BE(4)).toBe(code);
    await core.ended;
  });

  it.each<[string, number, Buffer]>([
    ["DATA on stream 0", 1, data(0, MESSAGE)],
    ["DATA on a stream that was never opened", 1, data(3, MESSAGE)],
    ["HEADERS on stream 0", 1, headers(0, REQUEST)],
    ["HEADERS on an even stream", 1, headers(2, REQUEST)],
    ["RST_STREAM on a stream that was never opened", 1, reset(3, 8)],
    ["RST_STREAM of a wrong size", 6, frame(FrameType.rstStream, 0, 1, Buffer.alloc(3))],
    ["WINDOW_UPDATE of a wrong size", 6, frame(FrameType.windowUpdate, 0, 1, Buffer.alloc(5))],
    ["WINDOW_UPDATE on a stream that was never opened", 1, frame(FrameType.windowUpdate, 0, 9, uint32(1))],
    ["SETTINGS on a stream", 1, frame(FrameType.settings, 0, 1)],
    ["SETTINGS of a wrong size", 6, frame(FrameType.settings, 0, 0, Buffer.alloc(5))],
    ["an acknowledgement that holds something", 6, frame(FrameType.settings, Flag.ack, 0, Buffer.alloc(6))],
    ["MAX_FRAME_SIZE too low", 1, settings([[Setting.maxFrameSize, 16_383]])],
    ["MAX_FRAME_SIZE too high", 1, settings([[Setting.maxFrameSize, 0x100_0000]])],
    ["ENABLE_PUSH of 2", 1, settings([[Setting.enablePush, 2]])],
    ["PING of a wrong size", 6, frame(FrameType.ping, 0, 0, Buffer.alloc(7))],
    ["PING on a stream", 1, frame(FrameType.ping, 0, 1, Buffer.alloc(8))],
    ["GOAWAY of a wrong size", 6, frame(FrameType.goaway, 0, 0, Buffer.alloc(7))],
    ["PUSH_PROMISE", 1, frame(FrameType.pushPromise, Flag.endHeaders, 1, Buffer.alloc(4))],
    ["CONTINUATION alone", 1, frame(FrameType.continuation, Flag.endHeaders, 1)],
    ["a header block with another frame in it", 1, Buffer.concat([frame(FrameType.headers, 0, 3), data(1, MESSAGE)])],
    [
      "CONTINUATION of another stream",
      1,
      Buffer.concat([frame(FrameType.headers, 0, 3), frame(FrameType.continuation, Flag.endHeaders, 1)]),
    ],
    ["a header block that cannot be decoded", 9, frame(FrameType.headers, Flag.endHeaders, 3, Buffer.of(0x80))],
    ["padding as long as its frame", 1, frame(FrameType.data, Flag.padded, 1, Buffer.of(3, 0, 0))],
    ["padding without its length", 6, frame(FrameType.data, Flag.padded, 1)],
    ["a priority cut short", 6, frame(FrameType.headers, Flag.endHeaders | Flag.priority, 3, Buffer.alloc(4))],
    [
      "a header block of endless pieces",
      11,
      Buffer.concat([
        frame(FrameType.headers, 0, 3),
        ...Array.from({ length: 127 }, () => frame(FrameType.continuation, 0, 3)),
      ]),
    ],
  ])("%s", async (_what, code, bytes) => {
    const { core, relay, faults } = await rawRelay(() => UNCHANGED);
    core.greet();
    core.send(HEAD, bytes);
    expect((await core.of(FrameType.goaway, 0)).payload.readUInt32BE(4)).toBe(code);
    await core.ended;
    await relay.closed;
    expect(faults.map(({ error }) => error instanceof WireError && error.code)).toEqual(["WIRE_PROTOCOL"]);
  });

  it("a preface that is none", async () => {
    const { core, relay } = await rawRelay();
    core.send(Buffer.from("GET / HTTP/1.1\r\n\r\n"));
    await core.ended;
    await relay.closed;
  });

  it("a header block of 127 pieces is still well", async () => {
    const { core } = await rawRelay(() => UNCHANGED);
    core.greet();
    core.send(frame(FrameType.headers, 0, 1));
    for (let n = 0; n < 126; n++) core.send(frame(FrameType.continuation, 0, 1));
    core.send(frame(FrameType.continuation, Flag.endHeaders, 1, block(REQUEST)));
    await core.settled();
  });
});

describe("core breaks a rule of one stream: only that stream is reset", () => {
  it.each<[string, number, Buffer]>([
    ["DATA after its end", 5, Buffer.concat([data(1, MESSAGE, true), data(1, MESSAGE)])],
    ["HEADERS after its end", 5, Buffer.concat([data(1, MESSAGE, true), headers(1, REQUEST, true)])],
    ["HEADERS in the middle that end nothing", 1, headers(1, REQUEST)],
  ])("%s", async (_what, code, bytes) => {
    const { core } = await rawRelay(() => ({ ...UNCHANGED, request: () => new Promise(() => undefined) }));
    core.greet();
    core.send(HEAD, bytes);
    expect((await core.of(FrameType.rstStream, 1)).payload.readUInt32BE(0)).toBe(code);
    await core.settled();
  });

  it("a request without a path", async () => {
    const { core } = await rawRelay();
    core.greet();
    core.send(headers(1, { ":method": "POST" }, true));
    expect((await core.of(FrameType.rstStream, 1)).payload.readUInt32BE(0)).toBe(1);
    await core.settled();
  });

  it("frames for a stream that is over are ignored", async () => {
    const { core, provider: connecting } = await rawRelay();
    core.greet();
    core.send(HEAD, reset(1, 8), data(1, MESSAGE), headers(1, REQUEST, true), reset(1, 8), frame(8, 0, 1, uint32(1)));
    await core.settled();
    expect(core.received.some(({ type }) => type === FrameType.goaway || type === FrameType.rstStream)).toBe(false);
    (await connecting).send(settings());
  });
});

it("a stream above the limit is refused, one at the limit is not", async () => {
  const { core } = await rawRelay();
  core.greet();
  const head = block({ ":path": "/p" });
  const opens = Array.from({ length: MAX_STREAMS }, (_, at) => frame(1, Flag.endHeaders, 2 * at + 1, head));
  core.send(...opens);
  await core.settled();
  expect(core.received.some(({ type }) => type === FrameType.rstStream)).toBe(false);
  const last = 2 * MAX_STREAMS + 1;
  core.send(frame(FrameType.headers, Flag.endHeaders, last, head));
  expect((await core.of(FrameType.rstStream, last)).payload.readUInt32BE(0)).toBe(7);
});

describe("a header list over 1 MiB", () => {
  // One field of 4000 bytes into the table, then named by one byte, over and over.
  const big = Buffer.concat([Buffer.of(0x40, 1, 0x78, 0x7f, 0xa1, 0x1e), Buffer.alloc(4000, 0x79)]);
  const over = Buffer.concat([big, Buffer.alloc(Math.ceil(MAX_HEADER_LIST / 4033), 0xbe)]);

  it("of a request ends its call with RESOURCE_EXHAUSTED, and the connection goes on", async () => {
    const { core } = await rawRelay();
    core.greet();
    core.send(frame(FrameType.headers, Flag.endHeaders | Flag.endStream, 1, over));
    expect(core.fields(await core.of(FrameType.headers, 1))).toMatchObject({ "grpc-status": "8" });
    await core.settled();
  });

  it("of an answer ends its call with RESOURCE_EXHAUSTED, and the connections go on", async () => {
    const { core, provider: connecting } = await rawRelay();
    core.greet();
    core.send(headers(1, REQUEST), data(1, MESSAGE, true));
    const provider = await connecting;
    provider.send(settings(), frame(FrameType.headers, Flag.endHeaders, 1, over));
    expect(core.fields(await core.of(FrameType.headers, 1))).toMatchObject({ "grpc-status": "8" });
    expect((await provider.of(FrameType.rstStream, 1)).payload.readUInt32BE(0)).toBe(8);
    await provider.settled();
    await core.settled();
  });

  it("is over; just under it passes", async () => {
    const { core, provider: connecting } = await rawRelay();
    core.greet();
    core.send(headers(1, REQUEST), data(1, MESSAGE, true));
    const provider = await connecting;
    provider.send(
      settings(),
      frame(FrameType.headers, Flag.endHeaders, 1, Buffer.concat([big, Buffer.alloc(250, 0xbe)])),
    );
    await core.of(FrameType.continuation, 1);
  });
});

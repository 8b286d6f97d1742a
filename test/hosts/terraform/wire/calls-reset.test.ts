import { describe, expect, it } from "vitest";
import type { RequestDecision } from "../../../../src/hosts/terraform/wire/call-handler.js";
import { FrameType, Setting } from "../../../../src/hosts/terraform/wire/frames.js";
import { begun, codeOf, MESSAGE, PART, unavailable } from "./begun.js";
import {
  answer,
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

describe("core cancels a call", () => {
  it.each([
    ["untouched", null],
    ["held", UNCHANGED],
  ])("that is %s: the provider's stream is reset with the same code", async (_what, handler) => {
    const { core, provider } = await begun(() => handler);
    provider.send(headers(1, RESPONSE), data(1, PART));
    await provider.settled();
    core.send(reset(1, 8));
    expect(await codeOf(provider.of(FrameType.rstStream, 1))).toBe(8);
    // What the provider had sent on its way is dropped, and both connections work.
    provider.send(data(1, PART));
    core.send(headers(3, REQUEST), data(3, MESSAGE, true));
    await provider.end(3);
    provider.send(answer(3, Buffer.from("ok")));
    await core.bytes(3, 7);
  });

  it("in the middle of a held request: the provider never hears of it", async () => {
    const relay = await rawRelay(() => UNCHANGED);
    relay.core.greet();
    relay.core.send(headers(1, REQUEST), data(1, PART), reset(1, 8));
    await relay.core.settled();
    expect(relay.connects).toBe(0);
  });

  it.each([
    ["forward", { forward: Buffer.from("late") }],
    ["answer", { answer: Buffer.from("late") }],
  ] as const)("while its handler works on the request: a late %s is dropped", async (_what, decision) => {
    let decide: (decision: RequestDecision) => void = () => undefined;
    const relay = await rawRelay(() => ({
      ...UNCHANGED,
      request: () => new Promise((resolve) => (decide = resolve)),
    }));
    relay.core.greet();
    relay.core.send(headers(1, REQUEST), data(1, MESSAGE, true));
    await relay.core.settled();
    relay.core.send(reset(1, 8));
    await relay.core.settled();
    decide(decision);
    await relay.core.settled();
    expect(relay.connects).toBe(0);
    expect(relay.core.received.some(({ streamId }) => streamId === 1)).toBe(false);
  });

  it("while its handler fails over the request: nothing goes on", async () => {
    let fail: (error: Error) => void = () => undefined;
    const relay = await rawRelay(() => ({
      ...UNCHANGED,
      request: () => new Promise((_, reject) => (fail = reject)),
    }));
    relay.core.greet();
    relay.core.send(headers(1, REQUEST), data(1, MESSAGE, true), reset(1, 8));
    await relay.core.settled();
    fail(new Error("late"));
    await relay.core.settled();
    expect(relay.connects).toBe(0);
  });

  it("while its handler works on the answer: the answer is dropped", async () => {
    let change: (message: Uint8Array) => void = () => undefined;
    const { core, provider } = await begun(() => ({
      ...UNCHANGED,
      response: () => new Promise((resolve) => (change = resolve)),
    }));
    provider.send(answer(1, Buffer.from("ok")));
    await provider.settled();
    core.send(reset(1, 8));
    await core.settled();
    change(Buffer.from("late"));
    await core.settled();
    expect(core.received.some(({ type, streamId }) => type === FrameType.data && streamId === 1)).toBe(false);
  });
});

describe("the provider resets a call", () => {
  it.each([
    ["untouched", null],
    ["held", UNCHANGED],
  ])("that is %s, in the middle of its answer: core's stream is reset with the same code", async (_what, handler) => {
    const { core, provider } = await begun(() => handler);
    provider.send(headers(1, RESPONSE), data(1, PART), reset(1, 2));
    expect(await codeOf(core.of(FrameType.rstStream, 1))).toBe(2);
    await core.settled();
  });

  it("after its answer, because it needs no more of the request: core gets the answer", async () => {
    const relay = await rawRelay();
    relay.core.greet([[Setting.initialWindowSize, 3]]);
    relay.core.send(headers(1, REQUEST), data(1, MESSAGE));
    const provider = await relay.provider;
    provider.send(settings(), answer(1, Buffer.from("early")), reset(1, 0));
    await provider.settled();
    relay.core.send(data(1, MESSAGE, true), frame(FrameType.windowUpdate, 0, 1, uint32(100)));
    expect(await relay.core.bytes(1, 10)).toEqual(prefixed(Buffer.from("early")));
    await relay.core.end(1);
  });

  it("by GOAWAY: what it will not work on is unavailable, the rest is answered", async () => {
    const relay = await begun();
    const { core, provider } = relay;
    core.send(headers(3, REQUEST), data(3, MESSAGE, true));
    await provider.end(3);
    provider.send(frame(FrameType.goaway, 0, 0, uint32(1, 0)));
    await unavailable(core, 3);
    // Later ones are not even sent, and handlers not asked.
    core.send(headers(5, REQUEST), data(5, MESSAGE, true));
    await unavailable(core, 5);
    provider.send(answer(1, Buffer.from("ok")));
    expect(await core.bytes(1, 7)).toEqual(prefixed(Buffer.from("ok")));
    expect(provider.received.some(({ streamId }) => streamId === 5)).toBe(false);
  });

  it("by GOAWAY while others wait for their turn: they are unavailable", async () => {
    const relay = await rawRelay();
    relay.core.greet();
    relay.core.send(headers(1, REQUEST), data(1, MESSAGE, true), headers(3, REQUEST), data(3, MESSAGE, true));
    const provider = await relay.provider;
    provider.send(settings([[Setting.maxConcurrentStreams, 1]]), frame(FrameType.goaway, 0, 0, uint32(1, 0)));
    await unavailable(relay.core, 3);
  });
});

it("trailers of an answer under way are not mistaken for its end", async () => {
  const { core, provider } = await begun();
  provider.send(headers(1, RESPONSE), data(1, MESSAGE), headers(1, TRAILERS));
  // Trailers that end nothing break a rule; the stream is reset on both sides.
  expect(await codeOf(provider.of(FrameType.rstStream, 1))).toBe(1);
  expect(await codeOf(core.of(FrameType.rstStream, 1))).toBe(1);
});

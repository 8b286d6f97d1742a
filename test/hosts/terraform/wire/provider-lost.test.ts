import { describe, expect, it } from "vitest";
import type { RequestDecision } from "../../../../src/hosts/terraform/wire/call-handler.js";
import { Flag, FrameType, Setting } from "../../../../src/hosts/terraform/wire/frames.js";
import { begun, codeOf, codes, MESSAGE, PART, unavailable } from "./begun.js";
import { answer, data, frame, headers, prefixed, REQUEST, RESPONSE, settings, uint32 } from "./raw-peer.js";
import { rawRelay, UNCHANGED } from "./relays.js";

describe("the provider is lost", () => {
  it.each([
    ["before its answer", null, []],
    ["after its head", null, [headers(1, RESPONSE)]],
    ["in the middle of an answer that is held", UNCHANGED, [headers(1, RESPONSE), data(1, PART)]],
  ] as const)("%s: the call is unavailable, and so are later ones", async (_what, handler, frames) => {
    const relay = await begun(() => handler);
    const { core, provider } = relay;
    provider.send(...frames);
    await provider.settled();
    provider.socket.destroy();
    await unavailable(core, 1);
    core.send(headers(3, REQUEST), data(3, MESSAGE, true));
    await unavailable(core, 3);
    await core.settled();
    expect(codes(relay)).toEqual([["WIRE_PROVIDER_LOST", ""]]);
    expect(relay.connects).toBe(1);
  });

  it("in the middle of an answer that core has seen a part of: REFUSED_STREAM, and asked again it is unavailable", async () => {
    const { core, provider } = await begun();
    provider.send(headers(1, RESPONSE), data(1, PART));
    await core.bytes(1, PART.length);
    provider.socket.destroy();
    expect(await codeOf(core.of(FrameType.rstStream, 1))).toBe(7);
    core.send(headers(3, REQUEST), data(3, MESSAGE, true));
    await unavailable(core, 3);
  });

  it("after a part of its answer that core has no room for: the part is dropped, the call unavailable", async () => {
    const relay = await rawRelay();
    relay.core.greet([[Setting.initialWindowSize, 0]]);
    relay.core.send(headers(1, REQUEST), data(1, MESSAGE, true));
    const provider = await relay.provider;
    provider.send(settings(), headers(1, RESPONSE), data(1, PART));
    await provider.settled();
    provider.socket.destroy();
    await unavailable(relay.core, 1);
  });

  it("after a whole answer to a request that core still sends: core gets all of it", async () => {
    const relay = await rawRelay();
    relay.core.greet([[Setting.initialWindowSize, 3]]);
    relay.core.send(headers(1, REQUEST), data(1, MESSAGE));
    const provider = await relay.provider;
    provider.send(settings(), answer(1, Buffer.from("whole")));
    await provider.settled();
    provider.socket.destroy();
    relay.core.send(headers(3, REQUEST), data(3, MESSAGE, true));
    await unavailable(relay.core, 3);
    relay.core.send(frame(FrameType.windowUpdate, 0, 1, uint32(100)));
    expect(await relay.core.bytes(1, 10)).toEqual(prefixed(Buffer.from("whole")));
    await relay.core.end(1);
  });

  it("while core still takes an answer that is complete: core gets all of it", async () => {
    const relay = await rawRelay();
    relay.core.greet([[Setting.initialWindowSize, 3]]);
    relay.core.send(headers(1, REQUEST), data(1, MESSAGE, true));
    const provider = await relay.provider;
    provider.send(settings(), answer(1, Buffer.from("whole")));
    await provider.settled();
    provider.socket.destroy();
    relay.core.send(headers(3, REQUEST), data(3, MESSAGE, true));
    await unavailable(relay.core, 3);
    relay.core.send(frame(FrameType.windowUpdate, 0, 1, uint32(100)));
    expect(await relay.core.bytes(1, 10)).toEqual(prefixed(Buffer.from("whole")));
    await relay.core.end(1);
  });

  it("while a handler works on an answer that is complete: core gets it", async () => {
    let change: (message: Uint8Array) => void = () => undefined;
    const { core, provider } = await begun(() => ({
      ...UNCHANGED,
      response: () => new Promise((resolve) => (change = resolve)),
    }));
    provider.send(answer(1, Buffer.from("x")));
    await provider.settled();
    provider.socket.destroy();
    core.send(headers(3, REQUEST), data(3, MESSAGE, true));
    await unavailable(core, 3);
    change(Buffer.from("changed"));
    expect(await core.bytes(1, 12)).toEqual(prefixed(Buffer.from("changed")));
  });

  it("while a handler works on a request: the call is unavailable", async () => {
    let decide: (decision: RequestDecision) => void = () => undefined;
    const { core, provider } = await begun((path) =>
      path === "/slow" ? { ...UNCHANGED, request: () => new Promise((resolve) => (decide = resolve)) } : null,
    );
    core.send(headers(3, { ...REQUEST, ":path": "/slow" }), data(3, MESSAGE, true));
    await core.settled();
    provider.socket.destroy();
    await unavailable(core, 1);
    decide({ forward: Buffer.from("late") });
    await unavailable(core, 3);
  });

  it("because it breaks a rule: its connection gets the code, core's goes on", async () => {
    const relay = await begun();
    const { core, provider } = relay;
    provider.send(frame(FrameType.data, 0, 0));
    const goaway = await provider.of(FrameType.goaway, 0);
    expect(goaway.payload.readUInt32BE(4)).toBe(1);
    await unavailable(core, 1);
    await core.settled();
    expect(codes(relay)).toEqual([["WIRE_PROTOCOL", ""]]);
  });

  it.each([
    ["PUSH_PROMISE", frame(FrameType.pushPromise, Flag.endHeaders, 1, Buffer.alloc(4))],
    ["a stream of its own", headers(2, RESPONSE)],
    ["an answer that nobody asked for", headers(9, RESPONSE)],
  ])("because it sends %s", async (_what, bytes) => {
    const { core, provider } = await begun();
    provider.send(bytes);
    expect((await provider.of(FrameType.goaway, 0)).payload.readUInt32BE(4)).toBe(1);
    await unavailable(core, 1);
  });

  it("before it could be reached: calls are unavailable with the reason, percent-encoded", async () => {
    const relay = await rawRelay(() => null, { connect: () => Promise.reject(new Error("no such file: 100% ü\n")) });
    relay.core.greet();
    relay.core.send(headers(1, REQUEST), data(1, MESSAGE, true));
    const only = relay.core.fields(await relay.core.of(FrameType.headers, 1));
    expect(only).toMatchObject({ ":status": "200", "content-type": "application/grpc", "grpc-status": "14" });
    expect(only["grpc-message"]).toMatch(/ no such file: 100%25 %C3%BC%0A$/);
    expect(codes(relay)).toEqual([["WIRE_PROVIDER_LOST", ""]]);
    relay.relay.close();
    await relay.relay.closed;
  });

  it("before it could be reached, by an exception: the same", async () => {
    const relay = await rawRelay(() => null, {
      connect: () => {
        throw new Error("broken");
      },
    });
    relay.core.greet();
    relay.core.send(headers(1, REQUEST), data(1, MESSAGE, true));
    await unavailable(relay.core, 1);
  });

  it("in the middle of a request that core still sends: core is told to stop", async () => {
    const relay = await rawRelay();
    relay.core.greet();
    relay.core.send(headers(1, REQUEST), data(1, PART));
    const provider = await relay.provider;
    provider.send(settings());
    await provider.bytes(1, PART.length);
    provider.socket.destroy();
    await unavailable(relay.core, 1);
    expect(await codeOf(relay.core.of(FrameType.rstStream, 1))).toBe(0);
    relay.core.send(data(1, PART, true));
    await relay.core.settled();
  });
});

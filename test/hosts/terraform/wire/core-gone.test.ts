import { describe, expect, it } from "vitest";
import type { RequestDecision } from "../../../../src/hosts/terraform/wire/call-handler.js";
import { FrameType } from "../../../../src/hosts/terraform/wire/frames.js";
import { begun, codeOf, codes, MESSAGE, unavailable } from "./begun.js";
import { answer, data, frame, headers, prefixed, REQUEST, RESPONSE, uint32, type RawPeer } from "./raw-peer.js";
import { rawRelay, UNCHANGED } from "./relays.js";
import { randomBytes } from "node:crypto";
import { socketPair } from "./sockets.js";

describe("core is gone", () => {
  it("in the middle of a call: the provider's stream is reset and its connection ended", async () => {
    const { core, provider, relay, faults } = await begun();
    core.socket.destroy();
    expect(await codeOf(provider.of(FrameType.rstStream, 1))).toBe(8);
    await provider.of(FrameType.goaway, 0);
    await provider.ended;
    await relay.closed;
    expect(faults).toEqual([]);
  });

  it("in order, with a GOAWAY: the same", async () => {
    const { core, provider, relay, faults } = await begun();
    core.send(frame(FrameType.goaway, 0, 0, uint32(0, 0)));
    core.socket.end();
    await provider.ended;
    await relay.closed;
    expect(faults).toEqual([]);
  });

  it("before the provider is connected: the late connection is destroyed", async () => {
    let connected: (peer: RawPeer["socket"]) => void = () => undefined;
    const [late, other] = await socketPair();
    const { core, relay } = await rawRelay(() => null, {
      connect: () => new Promise((resolve) => (connected = resolve)),
    });
    core.greet();
    core.send(headers(1, REQUEST));
    await core.settled();
    core.socket.destroy();
    await relay.closed;
    const gone = new Promise((resolve) => other.once("close", resolve).resume());
    connected(late);
    await gone;
  });

  it("and never made a call: nothing is connected", async () => {
    const relay = await rawRelay();
    relay.core.greet();
    await relay.core.settled();
    relay.core.socket.destroy();
    await relay.relay.closed;
    expect(relay.connects).toBe(0);
  });

  it("while an option says what to do then: the provider stays connected until that is done", async () => {
    let goodbye: Promise<Uint8Array> | undefined;
    const relay = await begun(() => null, {
      coreGone: async () => {
        goodbye = relay.relay.call("/plugin.GRPCController/Shutdown", Buffer.alloc(0));
        await goodbye;
      },
    });
    const { core, provider } = relay;
    core.socket.destroy();
    const head = await provider.of(FrameType.headers, 3);
    expect(provider.fields(head)).toMatchObject({
      ":method": "POST",
      ":path": "/plugin.GRPCController/Shutdown",
      "content-type": "application/grpc",
      te: "trailers",
    });
    expect(await provider.bytes(3, 5)).toEqual(prefixed(Buffer.alloc(0)));
    expect(provider.received.some(({ type }) => type === FrameType.goaway)).toBe(false);
    provider.send(answer(3, Buffer.from("bye")));
    await provider.ended;
    await relay.relay.closed;
    expect(Buffer.from((await goodbye) ?? []).toString()).toBe("bye");
    expect(relay.faults).toEqual([]);
  });

  it("and what to do then fails: it is told, and the provider's connection ends", async () => {
    const failure = new Error("no goodbye");
    const relay = await begun(() => null, { coreGone: () => Promise.reject(failure) });
    relay.core.socket.destroy();
    await relay.provider.ended;
    await relay.relay.closed;
    expect(codes(relay)).toEqual([[failure, ""]]);
  });
});

describe("closing the relay", () => {
  it("ends both connections, once and for all", async () => {
    const { core, provider, relay, faults } = await begun();
    relay.close();
    relay.close();
    await unavailable(core, 1);
    await core.of(FrameType.goaway, 0);
    await Promise.all([core.ended, provider.ended, relay.closed]);
    expect(faults).toEqual([]);
  });

  it("leaves no time for goodbyes", async () => {
    let said = 0;
    const { relay } = await begun(() => null, {
      coreGone: () => {
        said++;
        return Promise.resolve();
      },
    });
    relay.close();
    await relay.closed;
    expect(said).toBe(0);
  });

  it("does not wait for a peer that takes nothing", async () => {
    const { core, provider, relay } = await begun();
    core.socket.pause();
    core.send(
      frame(FrameType.windowUpdate, 0, 1, uint32(4_000_000)),
      frame(FrameType.windowUpdate, 0, 0, uint32(4_000_000)),
    );
    provider.send(headers(1, RESPONSE));
    for (let n = 0; n < 200; n++) provider.send(data(1, randomBytes(16_384)));
    await provider.settled();
    relay.close();
    await relay.closed;
  });

  it("drops what a handler decides later", async () => {
    let decide: (decision: RequestDecision) => void = () => undefined;
    const relay = await rawRelay(() => ({ ...UNCHANGED, request: () => new Promise((resolve) => (decide = resolve)) }));
    relay.core.greet();
    relay.core.send(headers(1, REQUEST), data(1, MESSAGE, true));
    await relay.core.settled();
    relay.relay.close();
    decide({ forward: Buffer.from("late") });
    await relay.relay.closed;
    expect(relay.connects).toBe(0);
  });
});

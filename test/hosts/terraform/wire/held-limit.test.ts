import { describe, expect, it } from "vitest";
import { FrameType } from "../../../../src/hosts/terraform/wire/frames.js";
import { MAX_HELD } from "../../../../src/hosts/terraform/wire/grpc-message.js";
import { WireError } from "../../../../src/hosts/terraform/wire/wire-error.js";
import { data, headers, prefixed, REQUEST, RESPONSE, settings, uint32 } from "./raw-peer.js";
import { rawRelay, UNCHANGED } from "./relays.js";

/** The start of a message that says it is so long. */
function promised(length: number): Buffer {
  return Buffer.concat([Buffer.of(0), uint32(length), Buffer.alloc(10)]);
}

describe("a message that is to be held", () => {
  it("of a request may be 256 MiB", async () => {
    const { core, faults } = await rawRelay(() => UNCHANGED);
    core.greet();
    core.send(headers(1, REQUEST), data(1, promised(MAX_HELD)));
    await core.settled();
    expect(core.received.some(({ streamId }) => streamId === 1)).toBe(false);
    expect(faults).toEqual([]);
  });

  it("of a request over 256 MiB ends its call with RESOURCE_EXHAUSTED, at its prefix", async () => {
    const { core, faults } = await rawRelay(() => UNCHANGED);
    core.greet();
    core.send(headers(1, REQUEST), data(1, promised(MAX_HELD + 1)));
    expect(core.fields(await core.of(FrameType.headers, 1))).toMatchObject({ "grpc-status": "8" });
    expect((await core.of(FrameType.rstStream, 1)).payload.readUInt32BE(0)).toBe(0);
    core.send(data(1, Buffer.alloc(100)));
    await core.settled();
    expect(faults.map(({ error }) => error instanceof WireError && error.code)).toEqual(["WIRE_MESSAGE_TOO_LARGE"]);
  });

  it.each([
    [0, false],
    [1, true],
  ])("of an answer of 256 MiB and %i bytes: its call is ended: %s", async (more, isEnded) => {
    const { core, provider: connecting } = await rawRelay(() => UNCHANGED);
    core.greet();
    core.send(headers(1, REQUEST), data(1, prefixed(Buffer.alloc(1)), true));
    const provider = await connecting;
    provider.send(settings(), headers(1, RESPONSE), data(1, promised(MAX_HELD + more)));
    await provider.settled();
    await core.settled();
    const heads = core.received.filter(({ type }) => type === FrameType.headers).map((head) => core.fields(head));
    expect(heads.map((fields) => fields["grpc-status"])).toEqual(isEnded ? [undefined, "8"] : [undefined]);
    expect(provider.received.some(({ type }) => type === FrameType.rstStream)).toBe(isEnded);
  });

  it("does not matter to a call that nobody looks into", async () => {
    const { core, provider: connecting } = await rawRelay();
    core.greet();
    const start = promised(MAX_HELD + 1);
    core.send(headers(1, REQUEST), data(1, start));
    const provider = await connecting;
    provider.send(settings());
    expect(await provider.bytes(1, start.length)).toEqual(start);
  });
});

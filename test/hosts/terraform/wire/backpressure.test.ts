import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { FrameType, Setting } from "../../../../src/hosts/terraform/wire/frames.js";
import { WireError } from "../../../../src/hosts/terraform/wire/wire-error.js";
import { MESSAGE } from "./begun.js";
import { answer, data, frame, headers, prefixed, REQUEST, settings, widen } from "./raw-peer.js";
import { rawRelay, UNCHANGED } from "./relays.js";

it("a peer that reads nothing for a while gets everything later", async () => {
  const large = randomBytes(8_000_000);
  const { core, provider: connecting } = await rawRelay(() => ({ ...UNCHANGED, response: () => large }));
  core.greet([[Setting.initialWindowSize, 0x7fff_ffff]]);
  core.send(widen(0, 0x7fff_0000), headers(1, REQUEST), data(1, MESSAGE, true));
  const provider = await connecting;
  core.socket.pause();
  provider.send(settings(), answer(1, Buffer.from("x")));
  // Long enough for the relay to fill the socket, which takes no more than 1 MiB and what the system holds.
  for (let n = 0; n < 20; n++) await provider.settled();
  core.socket.resume();
  await core.end(1);
  expect((await core.bytes(1, large.length + 5)).equals(prefixed(large))).toBe(true);
});

it("a peer that asks for answers and never reads them is given up", async () => {
  const { core, relay, faults } = await rawRelay();
  core.greet();
  core.socket.pause();
  const pings = Buffer.concat(Array.from({ length: 60_000 }, () => frame(FrameType.ping, 0, 0, Buffer.alloc(8))));
  // 18 times a megabyte of answers: over the 16 MiB that may wait.
  for (let n = 0; n < 18; n++) core.socket.write(pings);
  await relay.closed;
  expect(faults.map(({ error }) => error instanceof WireError && error.code)).toEqual(["WIRE_PROTOCOL"]);
});

import { randomBytes } from "node:crypto";
import { expect } from "vitest";
import { Flag, FrameType } from "../../../../src/hosts/terraform/wire/frames.js";
import { WireError } from "../../../../src/hosts/terraform/wire/wire-error.js";
import { data, headers, prefixed, REQUEST, settings, type RawPeer } from "./raw-peer.js";
import { rawRelay, type Told } from "./relays.js";

export const MESSAGE = prefixed(Buffer.from("message"));
/** A held answer larger than one frame, of which only a part comes. */
const LARGE = prefixed(randomBytes(40_000));
export const PART = LARGE.subarray(0, 16_000);

/** A call that core made and the provider has begun to see. */
export async function begun(
  intercept: Parameters<typeof rawRelay>[0] = () => null,
  extra: Parameters<typeof rawRelay>[1] = {},
): Promise<Told & { core: RawPeer; provider: RawPeer }> {
  const relay = await rawRelay(intercept, extra);
  relay.core.greet();
  relay.core.send(headers(1, REQUEST), data(1, MESSAGE, true));
  const provider = await relay.provider;
  provider.send(settings());
  await provider.end(1);
  return Object.assign(relay, { provider });
}

export async function codeOf(reset: Promise<{ payload: Buffer }>): Promise<number> {
  return (await reset).payload.readUInt32BE(0);
}

export function codes({ faults }: Told): unknown[] {
  return faults.map(({ error, path }) => [error instanceof WireError ? error.code : error, path]);
}

/** Resolves with trailers that tell core what plain core sees of a provider that crashed. */
export async function unavailable(core: RawPeer, streamId: number): Promise<void> {
  const trailers = await core.frame(
    ({ type, flags, streamId: id }) => type === FrameType.headers && id === streamId && (flags & Flag.endStream) !== 0,
  );
  expect(core.fields(trailers)).toMatchObject({ "grpc-status": "14" });
}

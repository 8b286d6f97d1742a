import { describe, expect, it } from "vitest";
import { ERRNO } from "../../../../runtimes/wasm/wasi/errno.js";
import { wasiHarness } from "./harness.js";

const SECOND = 1_000_000_000n;
const OUTPUT = 4_096;
const COUNT_AT = 8_192;

type Subscription =
  | { readonly clock: number; readonly timeout: bigint; readonly absolute?: boolean }
  | { readonly fd: number; readonly write?: boolean };

/** Polls, and gives the events as [number of the subscription, error, kind]. */
function poll(harness: ReturnType<typeof wasiHarness>, ...subscriptions: readonly Subscription[]): number[][] {
  const { wasi, memory } = harness;
  subscriptions.forEach((subscription, index) => {
    const at = index * 48;
    memory.bytes(at, 48).fill(0);
    memory.writeU64(at, BigInt(index));
    if ("clock" in subscription) {
      memory.writeU32(at + 16, subscription.clock);
      memory.writeU64(at + 24, subscription.timeout);
      memory.writeU16(at + 40, subscription.absolute === true ? 1 : 0);
    } else {
      memory.writeU8(at + 8, subscription.write === true ? 2 : 1);
      memory.writeU32(at + 16, subscription.fd);
    }
  });
  expect(wasi.poll_oneoff(0, OUTPUT, subscriptions.length, COUNT_AT)).toBe(ERRNO.success);
  return Array.from({ length: memory.readU32(COUNT_AT) }, (_, index) => {
    const at = OUTPUT + index * 32;
    return [Number(memory.readU64(at)), memory.readU16(at + 8), memory.readU8(at + 10)];
  });
}

function now({ wasi, memory }: ReturnType<typeof wasiHarness>): bigint {
  wasi.clock_time_get(1, 0n, 9_000);
  return memory.readU64(9_000);
}

describe("sleeping", () => {
  it("returns at once, and the deterministic clock has moved past the time", () => {
    const harness = wasiHarness();
    const before = now(harness);
    expect(poll(harness, { clock: 1, timeout: 3_600n * SECOND })).toEqual([[0, 0, 0]]);
    expect(now(harness) - before).toBeGreaterThan(3_600n * SECOND);
  });

  it("until a time of the past does not turn the clock back", () => {
    const harness = wasiHarness();
    const before = now(harness);
    expect(poll(harness, { clock: 0, timeout: 1n, absolute: true })).toEqual([[0, 0, 0]]);
    expect(now(harness)).toBeGreaterThan(before);
  });

  it("reports the earliest of several times only", () => {
    const harness = wasiHarness();
    expect(poll(harness, { clock: 1, timeout: 9n * SECOND }, { clock: 1, timeout: SECOND })).toEqual([[1, 0, 0]]);
  });

  it("returns at once with the granted clock, too", () => {
    const before = performance.now();
    expect(poll(wasiHarness({ grants: { clock: true } }), { clock: 1, timeout: 3_600n * SECOND })).toEqual([[0, 0, 0]]);
    expect(performance.now() - before).toBeLessThan(10_000);
  });

  it("on an unknown clock is an event with EINVAL", () => {
    expect(poll(wasiHarness(), { clock: 9, timeout: 1n })).toEqual([[0, ERRNO.inval, 0]]);
  });
});

describe("waiting for files", () => {
  it("finds the standard streams ready, and others not open", () => {
    const events = poll(wasiHarness(), { fd: 0 }, { fd: 1, write: true }, { fd: 7 });
    expect(events).toEqual([
      [0, 0, 1],
      [1, 0, 2],
      [2, ERRNO.badf, 1],
    ]);
  });

  it("does not let a timeout run out beside them", () => {
    const harness = wasiHarness();
    const before = now(harness);
    expect(poll(harness, { clock: 1, timeout: 9n * SECOND }, { fd: 0 })).toEqual([[1, 0, 1]]);
    expect(now(harness) - before).toBeLessThan(SECOND);
  });
});

describe("a bad poll", () => {
  it("is EINVAL without subscriptions or with too many, EFAULT outside of memory", () => {
    const { wasi } = wasiHarness();
    expect(wasi.poll_oneoff(0, OUTPUT, 0, COUNT_AT)).toBe(ERRNO.inval);
    expect(wasi.poll_oneoff(0, OUTPUT, -1, COUNT_AT)).toBe(ERRNO.inval);
    expect(wasi.poll_oneoff(65_500, OUTPUT, 1, COUNT_AT)).toBe(ERRNO.fault);
    expect(wasi.poll_oneoff(0, 65_520, 1, COUNT_AT)).toBe(ERRNO.fault);
    expect(wasi.poll_oneoff(0, OUTPUT, 1, 65_534)).toBe(ERRNO.fault);
  });
});

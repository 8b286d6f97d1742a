import { describe, expect, it } from "vitest";
import { ERRNO } from "../../../../runtimes/wasm/wasi/errno.js";
import { wasiHarness } from "./harness.js";

function times(options: Parameters<typeof wasiHarness>[0], clocks: readonly number[]): bigint[] {
  const { wasi, memory } = wasiHarness(options);
  return clocks.map((clock) => {
    expect(wasi.clock_time_get(clock, 0n, 8)).toBe(ERRNO.success);
    return memory.readU64(8);
  });
}

describe("the clock without a grant", () => {
  it("is the same for every run, above zero, and moves on with every look", () => {
    const first = times({}, [0, 1, 2, 3, 0]);
    expect(times({}, [0, 1, 2, 3, 0])).toEqual(first);
    expect(first[0]).toBe(BigInt(Date.UTC(2000, 0, 1)) * 1_000_000n + 1_000_000n);
    for (let at = 1; at < first.length; at++) expect((first[at] ?? 0n) - (first[at - 1] ?? 0n)).toBe(1_000_000n);
  });

  it("tells a resolution", () => {
    const { wasi, memory } = wasiHarness();
    expect(wasi.clock_res_get(1, 8)).toBe(ERRNO.success);
    expect(memory.readU64(8)).toBe(1_000_000n);
  });
});

describe("the granted clock", () => {
  it("is the machine's", () => {
    const before = Date.now();
    const [real = 0n, monotonic = 0n] = times({ grants: { clock: true } }, [0, 1]);
    expect(Number(real / 1_000_000n)).toBeGreaterThanOrEqual(before);
    expect(Number(real / 1_000_000n)).toBeLessThanOrEqual(Date.now());
    expect(monotonic).toBeLessThanOrEqual(process.hrtime.bigint());
  });
});

describe("an unknown clock", () => {
  it("is EINVAL", () => {
    const { wasi } = wasiHarness();
    expect([wasi.clock_time_get(4, 0n, 8), wasi.clock_time_get(-1, 0n, 8), wasi.clock_res_get(9, 8)]).toEqual(
      Array.from({ length: 3 }, () => ERRNO.inval),
    );
  });
});

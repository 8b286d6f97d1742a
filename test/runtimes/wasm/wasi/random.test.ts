import { describe, expect, it } from "vitest";
import { ERRNO } from "../../../../runtimes/wasm/wasi/errno.js";
import { wasiHarness } from "./harness.js";

function draw(options: Parameters<typeof wasiHarness>[0], ...lengths: readonly number[]): string[] {
  const { wasi, memory } = wasiHarness(options);
  return lengths.map((length) => {
    expect(wasi.random_get(0, length)).toBe(ERRNO.success);
    return Buffer.from(memory.bytes(0, length)).toString("hex");
  });
}

describe("random bytes without a grant", () => {
  it("are the same for every run, and others for every call", () => {
    const first = draw({}, 16, 16);
    expect(draw({}, 16, 16)).toEqual(first);
    expect(first[0]).not.toBe(first[1]);
  });

  it("are spread evenly", () => {
    const counts = new Map<number, number>();
    for (const byte of Buffer.from(draw({}, 60_000).join(""), "hex")) counts.set(byte, (counts.get(byte) ?? 0) + 1);
    expect(counts.size).toBe(256);
    // 60,000 bytes over 256 values: 234 each, with a deviation of 15.
    for (const count of counts.values()) expect(Math.abs(count - 234)).toBeLessThan(90);
  });
});

describe("granted random bytes", () => {
  it("are others for every run, also beyond what the system gives at once", () => {
    const grants = { random: true };
    const [first] = draw({ grants }, 65_536);
    expect(draw({ grants }, 65_536)).not.toEqual([first]);
  });
});

describe("random bytes to nowhere", () => {
  it("are EFAULT", () => {
    expect(wasiHarness().wasi.random_get(65_530, 7)).toBe(ERRNO.fault);
    expect(wasiHarness().wasi.random_get(0, -1)).toBe(ERRNO.fault);
  });
});

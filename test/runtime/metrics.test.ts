import { describe, expect, it } from "vitest";
import { Metrics } from "../../src/runtime/metrics.js";

describe("metrics", () => {
  it("have no latency before the first answer", () => {
    const metrics = new Metrics();
    metrics.failed();
    expect([metrics.calls, metrics.failures, metrics.latency()]).toEqual([1, 1, null]);
  });

  it("give the median and the 99th percentile of the answered calls", () => {
    const metrics = new Metrics();
    for (let us = 1; us <= 100; us++) metrics.answered(us);
    metrics.answered(0);
    expect(metrics.calls).toBe(101);
    expect(metrics.latency()?.p50).toBeCloseTo(50, -1);
    expect(metrics.latency()?.p99).toBeCloseTo(99, -1);
  });

  it("tell no pace before three tenths of a second of calls, then the average", () => {
    const metrics = new Metrics();
    for (let call = 0; call < 299; call++) metrics.answered(1_000);
    expect(metrics.paceUs).toBe(0);
    metrics.answered(1_000);
    expect(metrics.paceUs).toBeCloseTo(1_000, -1);
    for (let call = 0; call < 600; call++) metrics.answered(0);
    expect(metrics.paceUs).toBeCloseTo(333, -1);
  });
});

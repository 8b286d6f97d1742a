import { expect, it } from "vitest";
import type { LiveResult } from "../../src/hosts/terraform/stages/live.js";
import { renderLiveSummary } from "../../src/report/live-summary.js";
import type { IntegrationReport, RunVerdict } from "../../src/runtime/types.js";

function report(name: string, figures: Partial<IntegrationReport> = {}): IntegrationReport {
  const base = { provider: null, kind: "js", version: "1.0.0", source: "./x", restarts: 0, circuit: "closed" } as const;
  return { ...base, name, calls: 0, failures: 0, latencyUs: null, ...figures };
}

function ended(code: number, verdict: RunVerdict, ...integrations: readonly IntegrationReport[]): string {
  const result: LiveResult = { verdict, integrations, results: [], resources: 0, durationMs: 1 };
  return renderLiveSummary(result, { color: false, code });
}

function summary(verdict: RunVerdict, ...integrations: readonly IntegrationReport[]): string {
  return ended(0, verdict, ...integrations);
}

it("counts each call once, whether it failed or not", () => {
  const integrations = [
    report("quick", { calls: 3, latencyUs: { p50: 20, p99: 80 } }),
    report("slow", { calls: 4, failures: 2, latencyUs: { p50: 900, p99: 12_345 } }),
  ];
  expect(summary("error", ...integrations)).toBe(
    "airlock: ERROR  2 integrations, 7 calls, slowest slow (p50 0.9 ms, p99 12 ms)\n",
  );
});

it("says nothing of speed where nothing was called", () => {
  expect(summary("pass", report("idle"))).toBe("airlock: PASS  1 integration, 0 calls\n");
  expect(summary("warn")).toBe("airlock: WARN  0 integrations, 0 calls\n");
});

it("shows a name that could deceive a terminal as what it is", () => {
  const evil = report("a\u001b[31mb", { calls: 1, latencyUs: { p50: 1, p99: 1 } });
  expect(summary("pass", evil)).toContain(String.raw`a\u001b[31mb`);
});

it("says that core failed where integrations found nothing wrong", () => {
  expect(ended(1, "pass", report("idle"))).toBe("airlock: PASS  1 integration, 0 calls; core failed (1)\n");
  expect(ended(2, "pass", report("idle"))).not.toContain("failed");
  expect(ended(1, "fail", report("idle"))).not.toContain("failed");
});

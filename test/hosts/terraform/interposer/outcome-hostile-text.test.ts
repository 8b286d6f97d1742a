import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toDiagnostics } from "../../../../src/hosts/terraform/interposer/outcome-diagnostics.js";
import { SEVERITIES } from "../../../../src/protocol/verdict.js";
import { resultOf } from "../../fake-runtime.js";

/** What a terminal takes for something else than it is; LF stands between lines of a detail. */
const DECEPTIVE = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 80 }),
  fc.constantFrom(
    "\u001b[2J\u001b[31mError: all is lost",
    "a\r\n\u0000b",
    "\u202egnp.exe",
    "\u2028",
    "\ud800",
    "x".repeat(5000),
  ),
);

const result = fc
  .record({
    status: fc.constantFrom("fail", "warn", "error"),
    integration: hostile,
    provider: fc.option(hostile),
    message: hostile,
    findings: fc.array(
      fc.record(
        { rule: hostile, severity: fc.constantFrom(...SEVERITIES), message: hostile, url: hostile },
        { requiredKeys: ["rule", "severity", "message"] },
      ),
      { maxLength: 3 },
    ),
    error: fc.option(fc.record({ code: hostile, message: hostile, remedy: fc.option(hostile) })),
  })
  .map((parts) => resultOf(parts));

describe("what a guest wrote", () => {
  it("reaches core without anything that could deceive a reader", () => {
    fc.assert(
      fc.property(result, (given) => {
        for (const { summary, detail } of toDiagnostics([given], null)) {
          expect(summary).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
          expect(detail).not.toMatch(DECEPTIVE);
        }
      }),
    );
  });

  it("cannot fill the terminal: a summary is one short line, a message at most 20 lines and one that says so", () => {
    const flood = resultOf({ status: "fail", message: "line\n".repeat(10_000) });
    const [diagnostic] = toDiagnostics([flood], null);
    expect(diagnostic?.summary.length).toBeLessThan(2000);
    expect(diagnostic?.detail.split("\n").length).toBeLessThanOrEqual(22);
  });

  it("is one short list, however many findings there are, with the number of those left out", () => {
    const message = "a line of a finding\n".repeat(5);
    const findings = Array.from({ length: 5000 }, () => ({ rule: "r", severity: "low" as const, message }));
    const [diagnostic] = toDiagnostics([resultOf({ status: "fail", message, findings })], null);
    const lines = diagnostic?.detail.split("\n") ?? [];
    expect(lines.length).toBeLessThan(70);
    expect(lines.filter((line) => line.startsWith("- r"))).toHaveLength(11);
    expect(lines.at(-2)).toContain("4989 more");
  });

  it("is bounded in every part", () => {
    const long = "y".repeat(1_000_000);
    const given = resultOf({
      status: "fail",
      integration: long,
      provider: long,
      message: long,
      findings: [{ rule: long, severity: "low", message: long, url: long }],
    });
    const [diagnostic] = toDiagnostics([given], null);
    expect(diagnostic?.summary.length).toBeLessThanOrEqual(300);
    expect(diagnostic?.detail.length).toBeLessThan(25_000);
  });
});

import { describe, expect, it } from "vitest";
import { renderReport as reportPieces } from "../../src/report/formats.js";
import { pathText, renderText as textPieces } from "../../src/report/text.js";
import { resultOf } from "../hosts/fake-runtime.js";
import { DECEPTIVE, brokenOf, checkResultOf } from "./results.js";

const renderText = (...given: Parameters<typeof textPieces>): string => [...textPieces(...given)].join("");
const renderReport = (...given: Parameters<typeof reportPieces>): string => [...reportPieces(...given)].join("");

const plain = { color: false };

describe("the text report", () => {
  it("groups by severity, with address, integration, rule, path, link and a sum", () => {
    const text = renderText(
      checkResultOf({
        verdict: "error",
        results: [
          resultOf({ hook: "plan-stage-complete", integration: "budget", message: "12 of 100 EUR" }),
          resultOf({ address: "aws_vm.ok", message: "not shown" }),
          resultOf({ address: "aws_vm.w", status: "warn", integration: "policy", message: "two\nlines" }),
          brokenOf(),
          resultOf({
            address: "aws_vm.a",
            status: "fail",
            integration: "tags",
            findings: [
              {
                rule: "required",
                severity: "high",
                message: "no owner",
                path: ["tags", "owner"],
                url: "https://x.test/r",
              },
              { rule: "other", severity: "low", message: "whole" },
            ],
          }),
        ],
      }),
      plain,
    );
    expect(text).toBe(
      [
        "Broken integrations (1)",
        "  aws_vm.a  one broke: no answer within 5000 ms",
        "    remedy: Raise timeout.",
        "    (GUEST_TIMEOUT)",
        "",
        "Failures (1)",
        "  aws_vm.a  tags",
        "    required (high) at tags.owner: no owner",
        "      https://x.test/r",
        "    other (low): whole",
        "",
        "Warnings (1)",
        "  aws_vm.w  policy: two",
        "    lines",
        "",
        "Remarks (1)",
        "  plan-stage-complete  budget: 12 of 100 EUR",
        "",
        "ERROR  3 resources, 1 integration: 1 broken, 1 failed, 1 warning, 2 passed in 412 ms",
        "",
      ].join("\n"),
    );
  });

  it("is one line when there is nothing to say", () => {
    const text = renderText(checkResultOf({ durationMs: 1234, resources: 1 }), plain);
    expect(text).toBe("PASS  1 resource, 1 integration: 0 broken, 0 failed, 0 warnings, 0 passed in 1.2 s\n");
  });

  it("tells of a breakage once for each integration and code, with how often and where first", () => {
    const results = [
      ...["a", "b", "c"].map((address) => brokenOf({ address })),
      brokenOf({ integration: "two" }),
      brokenOf({ error: { code: "GUEST_CRASHED", message: "trap", remedy: null } }),
      brokenOf({ integration: "soft", status: "warn" }),
    ];
    const text = renderText(checkResultOf({ results }), plain);
    expect(text.match(/ broke: /g)).toHaveLength(4);
    expect(text).toContain("(GUEST_TIMEOUT); 3 times, first there");
    expect(text.indexOf("soft")).toBeGreaterThan(text.indexOf("Warnings (1)"));
  });

  it("shows nothing of a guest as it came", () => {
    const hostile = `first ${DECEPTIVE}\nsecond ${DECEPTIVE}`;
    const finding = { rule: hostile, severity: "low" as const, message: hostile, path: [hostile], url: hostile };
    const results = [
      resultOf({ integration: hostile, address: hostile, status: "fail", message: hostile, findings: [finding] }),
      brokenOf({ address: hostile, error: { code: hostile, message: hostile, remedy: hostile } }),
    ];
    const text = renderText(checkResultOf({ results }), plain);
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  });

  it("indents every line of a guest, so that none can pass for a line of ours", () => {
    const message = "x\nPASS  0 resources\nFailures (0)";
    const text = renderText(checkResultOf({ results: [resultOf({ status: "fail", message })] }), plain);
    expect(text.split("\n").filter((line) => line.startsWith("PASS"))).toHaveLength(1);
    expect(text).toContain("\n    Failures (0)\n");
  });

  it("bounds what one guest can fill", () => {
    const message = "line\n".repeat(100_000);
    const text = renderText(checkResultOf({ results: [resultOf({ status: "fail", message })] }), plain);
    expect(text.length).toBeLessThan(1000);
  });

  it("has colour only when asked", () => {
    const result = checkResultOf({ verdict: "fail", results: [resultOf({ status: "fail" })] });
    expect(renderReport("text", result, { color: true })).toContain("\u001b[");
    expect(renderReport("text", result, { color: false })).not.toContain("\u001b[");
    expect(renderReport("json", result, { color: true })).not.toContain("\u001b[");
  });
});

describe("a path", () => {
  it.each([
    [["tags", "owner"], "tags.owner"],
    [["disks", 0, "size"], "disks[0].size"],
    [["tags", "a b"], 'tags["a b"]'],
    [[], ""],
  ])("%j is written %s", (path, text) => {
    expect(pathText(path)).toBe(text);
  });
});

import { Validator } from "@cfworker/json-schema";
import { readFileSync } from "node:fs";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { CheckReportSchema, toCheckReport } from "../../src/report/check-report.js";
import { renderJson } from "../../src/report/json.js";
import { reportOf, resultOf } from "../hosts/fake-runtime.js";
import { DECEPTIVE, brokenOf, checkResultOf } from "./results.js";

const RESULT = checkResultOf({
  verdict: "error",
  integrations: [reportOf(), reportOf({ name: "two", kind: null, version: null, latencyUs: null })],
  results: [
    brokenOf({ hook: "initialize", address: null }),
    brokenOf({ status: "warn" }),
    resultOf({
      status: "fail",
      address: "aws_vm.a",
      message: DECEPTIVE,
      findings: [{ rule: "r", severity: "high", message: DECEPTIVE, path: ["tags", 0], url: "https://example.com" }],
      metadata: { cost: 1 },
    }),
    resultOf({ metadata: null }),
    resultOf(),
  ],
});

describe("the JSON report", () => {
  it("has exactly the keys of the contract", () => {
    const report = toCheckReport(RESULT);
    expect(Object.keys(report)).toEqual([
      "format_version",
      "verdict",
      "integrations",
      "results",
      "summary",
      "duration_ms",
    ]);
    expect(Object.keys(report.integrations[0] ?? {}).sort()).toEqual(
      [
        "name",
        "provider",
        "kind",
        "version",
        "source",
        "calls",
        "failures",
        "restarts",
        "circuit",
        "latency_us",
      ].sort(),
    );
    expect(Object.keys(report.results[0] ?? {})).toEqual([
      "integration",
      "provider",
      "hook",
      "address",
      "status",
      "message",
      "findings",
      "metadata",
    ]);
  });

  it("matches its schema, and the JSON Schema in docs", () => {
    const report: unknown = JSON.parse([...renderJson(RESULT)].join(""));
    expect(v.safeParse(CheckReportSchema, report).issues).toBe(undefined);
    const schema = JSON.parse(readFileSync("docs/schemas/check-report.schema.json", "utf8")) as object;
    expect(new Validator(schema, "2020-12", false).validate(report).errors).toEqual([]);
    expect(new Validator(schema, "2020-12").validate({ ...(report as object), verdict: "other" }).valid).toBe(false);
  });

  it("counts the results by status, and the resources of the plan", () => {
    expect(toCheckReport(RESULT).summary).toEqual({ resources: 3, success: 2, warn: 1, fail: 1, error: 1 });
  });

  it("names the code of an error in the message", () => {
    expect(toCheckReport(RESULT).results[0]?.message).toBe("no answer within 5000 ms (GUEST_TIMEOUT)");
  });

  it("has null for metadata that was cleared or never attached", () => {
    expect(toCheckReport(RESULT).results.map(({ metadata }) => metadata)).toEqual([
      null,
      null,
      { cost: 1 },
      null,
      null,
    ]);
  });

  it("keeps what guests wrote, but never as raw control or format characters", () => {
    const json = [...renderJson(RESULT)].join("");
    expect(json.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    expect((JSON.parse(json) as { results: { message: string }[] }).results[2]?.message).toBe(DECEPTIVE);
  });
});

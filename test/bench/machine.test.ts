import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as v from "valibot";
import { describeMachine, describeSubject, loadAverage } from "../../bench/machine.js";
import { packageRoot } from "../../bench/package-root.js";

describe("what figures depend on", () => {
  it("is named in full", () => {
    const machine = describeMachine();
    expect(machine.cpu).not.toBe("");
    expect(machine.cores).toBeGreaterThan(0);
    expect(machine.memory_bytes).toBeGreaterThan(0);
    expect(machine.os).toContain(process.platform);
    expect(machine.node).toBe(process.version);
  });

  it("holds the load averages", () => {
    expect(loadAverage()).toHaveLength(3);
  });
});

describe("what is measured", () => {
  it("is this package in its version", () => {
    const text = readFileSync(join(packageRoot(), "package.json"), "utf8");
    const { name, version } = v.parse(v.object({ name: v.string(), version: v.string() }), JSON.parse(text));
    expect(describeSubject()).toMatchObject({ name, version });
  });

  it("has a whole git revision, or none", () => {
    expect(describeSubject().revision ?? "0".repeat(40)).toMatch(/^[0-9a-f]{40}$/);
  });
});

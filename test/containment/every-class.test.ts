import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ATTACK_CLASSES } from "../../src/attest/classes.js";

const page = readFileSync(new URL("../../docs/containment.md", import.meta.url), "utf8");
const named = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name ?? "");

describe("every class of attacks", () => {
  const names = ATTACK_CLASSES.map(({ name }) => name);

  it("has a name of its own, and so has every attack in it", () => {
    expect(new Set(names).size).toBe(names.length);
    for (const { attacks } of ATTACK_CLASSES)
      expect(new Set(attacks.map(({ name }) => name)).size).toBe(attacks.length);
  });

  it("has a test of its own", () => {
    expect(names.filter((name) => !existsSync(new URL(`./${name}.test.ts`, import.meta.url)))).toEqual([]);
  });

  it("is in docs/containment.md, and no other", () => {
    expect(named).toEqual(names);
  });
});

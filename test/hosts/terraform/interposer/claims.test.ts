import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Claims } from "../../../../src/hosts/terraform/interposer/claims.js";
import type { ProviderBlock } from "../../../../src/hosts/terraform/interposer/provider-blocks.js";
import { SOURCE } from "./sessions.js";

function block(key: string, source = SOURCE): ProviderBlock {
  return { source, key, alias: null, integrations: [], literals: new Map(), written: new Set() };
}

const A = block("mock.a");
const B = block("mock.b");
const C = block("mock.c");

describe("provider configurations that look the same", () => {
  it("are each taken once, then all again in core's next walk", () => {
    const claims = new Claims();
    const taken = [1, 2, 3, 4, 5, 6, 7].map(() => claims.take([A, B, C])?.key);
    expect(taken).toEqual(["mock.a", "mock.b", "mock.c", "mock.a", "mock.b", "mock.c", "mock.a"]);
  });

  it("are none when there is none to take", () => {
    expect(new Claims().take([])).toBeUndefined();
  });

  it("do not take each other's place when fewer of them can be meant", () => {
    const claims = new Claims();
    expect(claims.take([A])?.key).toBe("mock.a");
    expect(claims.take([A, B])?.key).toBe("mock.b");
    expect(claims.take([A])?.key).toBe("mock.a");
    expect(claims.take([B])?.key).toBe("mock.b");
  });

  it("of other providers do not count, even with the same name", () => {
    const claims = new Claims();
    expect(claims.take([A])?.source).toBe(SOURCE);
    expect(claims.take([block("mock.a", "example.com/a/mock"), B])?.source).toBe("example.com/a/mock");
  });

  it("always give one of those that can be meant", () => {
    const choices = fc.array(fc.subarray([A, B, C], { minLength: 1 }), { maxLength: 20 });
    fc.assert(
      fc.property(choices, (all) => {
        const claims = new Claims();
        for (const blocks of all) expect(blocks).toContain(claims.take(blocks));
      }),
    );
  });
});

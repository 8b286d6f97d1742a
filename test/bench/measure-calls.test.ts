import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { measureCalls, measureRounds } from "../../bench/measure-calls.js";

/** Calls that last until they are let go on, and that know how many of them are under way. */
function counted() {
  const seen = { indexes: [] as number[], underWay: 0, most: 0 };
  const call = async (index: number): Promise<void> => {
    seen.indexes.push(index);
    seen.most = Math.max(seen.most, ++seen.underWay);
    await Promise.resolve();
    await Promise.resolve();
    seen.underWay--;
  };
  return { seen, call };
}

describe("measureCalls", () => {
  it("makes every call once and measures each", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 100 }),
        async (concurrency, calls) => {
          const { seen, call } = counted();
          const { latenciesUs } = await measureCalls(call, { concurrency, calls });
          expect(seen.indexes.toSorted((one, other) => one - other)).toEqual(
            Array.from({ length: calls }, (_, at) => at),
          );
          expect(latenciesUs).toHaveLength(calls);
        },
      ),
    );
  });

  it.each([1, 16])("keeps %d calls under way, and never more", async (concurrency) => {
    const { seen, call } = counted();
    await measureCalls(call, { concurrency, calls: 200 });
    expect(seen.most).toBe(concurrency);
  });

  it("divides the wall time by the calls", async () => {
    const before = performance.now();
    const { perCallUs } = await measureCalls(() => Promise.resolve(), { concurrency: 4, calls: 100 });
    const wallUs = (performance.now() - before) * 1_000;
    expect(perCallUs).toBeGreaterThan(0);
    expect(perCallUs * 100).toBeLessThanOrEqual(wallUs);
  });

  it("rejects with what a call rejects with", async () => {
    const wrong = new Error("wrong answer");
    await expect(measureCalls(() => Promise.reject(wrong), { concurrency: 2, calls: 5 })).rejects.toBe(wrong);
  });
});

describe("measureRounds", () => {
  it("measures every round but the first", async () => {
    const { seen, call } = counted();
    const { latenciesUs, perCallUs } = await measureRounds(call, { concurrency: 2, calls: 10 }, 3);
    expect(seen.indexes).toHaveLength(40);
    expect(latenciesUs).toHaveLength(30);
    expect(perCallUs).toHaveLength(3);
  });
});

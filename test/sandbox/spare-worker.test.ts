import { describe, expect, it } from "vitest";
import { SpareWorker } from "../../src/sandbox/child/spare-worker.js";
import type { SparePool } from "../../src/sandbox/child/spare-worker.js";
import { settled } from "../support/scripted-guest.js";

/** Pools that only note what is asked of them. */
function pools(start: () => Promise<undefined> = () => Promise.resolve(undefined)) {
  const made: { readonly tasks: unknown[]; destroyed: boolean }[] = [];
  const spare = new SpareWorker(() => {
    const pool = { tasks: [] as unknown[], destroyed: false };
    made.push(pool);
    const fake: SparePool = {
      run: (task) => {
        pool.tasks.push(task);
        return start();
      },
      destroy: () => {
        pool.destroyed = true;
        return Promise.resolve();
      },
    };
    return fake;
  });
  return { made, spare };
}

describe("a spare worker", () => {
  it("is one, made ready for guests of a kind before there is one", () => {
    const { made, spare } = pools();
    expect(spare.take("js")).toBeNull();
    spare.prepare("js");
    spare.prepare("js");
    spare.prepare("wasm");
    expect(made.map(({ tasks }) => tasks)).toEqual([[{ warmUp: "js" }]]);
  });

  it("is given away once, and only for its kind", () => {
    const { spare } = pools();
    spare.prepare("wasm");
    expect(spare.take("js")).toBeNull();
    expect(spare.take("wasm")).not.toBeNull();
    expect(spare.take("wasm")).toBeNull();
  });

  it("is none for the check of a config", () => {
    const { made, spare } = pools();
    spare.prepare("config-only");
    expect(made).toEqual([]);
  });

  it("that cannot be started is not given away, and another may be made", async () => {
    const { made, spare } = pools(() => Promise.reject(new Error("no threads left")));
    spare.prepare("js");
    await settled();
    expect([spare.take("js"), made[0]?.destroyed]).toEqual([null, true]);
    spare.prepare("js");
    expect(made).toHaveLength(2);
  });
});

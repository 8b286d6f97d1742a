import { describe, expect, it } from "vitest";
import { createRuntime } from "../../src/runtime/runtime.js";
import type { RuntimeNotice } from "../../src/runtime/types.js";
import { jsIntegration, resourceEvent, temporaryFolder } from "../support/projects.js";

const COUNTS = (stateless: boolean): string =>
  jsIntegration(
    `const end = Date.now() + 1; for (let i = 0; i < 300000; i++) Math.sqrt(i); return { status: "success", message: String(++calls) };`,
    { stateless },
    "let calls = 0;",
  );

async function highestCount(stateless: boolean): Promise<{ instances: number; highest: number }> {
  const directory = temporaryFolder({ "code.js": COUNTS(stateless) });
  const started: RuntimeNotice[] = [];
  await using runtime = createRuntime({
    integrations: [{ name: "counts", directory, source: "./code.js" }],
    parallelism: 2,
    observer: (notice) => {
      if (notice.type === "guest-started") started.push(notice);
    },
  });
  expect(await runtime.start()).toEqual([]);
  let highest = 0;
  for await (const { results } of runtime.stream(Array.from({ length: 100 }, (_, at) => resourceEvent(`a.r${at}`)))) {
    highest = Math.max(highest, Number(results[0]?.message));
  }
  return { instances: started.length, highest };
}

describe("an integration that says it is stateless", () => {
  it("runs in as many instances as the parallelism, which share the events", async () => {
    const { instances, highest } = await highestCount(true);
    expect(instances).toBe(2);
    expect(highest).toBeLessThan(100);
  });
});

describe("any other integration", () => {
  it("has exactly one instance, which sees every event", async () => {
    expect(await highestCount(false)).toEqual({ instances: 1, highest: 100 });
  });
});

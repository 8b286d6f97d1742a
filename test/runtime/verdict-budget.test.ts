import { describe, expect, it } from "vitest";
import { createRuntime } from "../../src/runtime/runtime.js";
import { VerdictBudget } from "../../src/runtime/verdict-budget.js";
import { thrownCode } from "../support/codes.js";
import { jsIntegration, resourceEvent, temporaryFolder } from "../support/projects.js";

const ROOM = 32 * 1024 * 1024;

describe("the budget of verdicts", () => {
  it("is filled to its end and no further, and a refused verdict takes nothing of it", () => {
    const budget = new VerdictBudget();
    budget.take(ROOM);
    budget.take(1_024 + 1_023);
    expect(
      thrownCode(() => {
        budget.take(1_024 + 2);
      }),
    ).toBe("RUNTIME_VERDICTS_TOO_LARGE");
    budget.take(1_024 + 1);
    expect(
      thrownCode(() => {
        budget.take(1_024 + 1);
      }),
    ).toBe("RUNTIME_VERDICTS_TOO_LARGE");
  });

  it("is not touched by plain verdicts, however many", () => {
    const budget = new VerdictBudget();
    for (let event = 0; event < 100_000; event++) budget.take(1_024);
    expect(
      thrownCode(() => {
        budget.take(1_024 + ROOM + 1);
      }),
    ).toBe("RUNTIME_VERDICTS_TOO_LARGE");
    budget.take(1_024 + ROOM);
  });

  it("costs the verdict that is over it, and neither smaller ones nor a neighbour's", async () => {
    const many = `Array.from({ length: 400 }, () => ({ rule: "r", message: "x".repeat(16000) }))`;
    const directory = temporaryFolder({
      "wordy.js": jsIntegration(`return { status: "warn", findings: params.type === "much" ? ${many} : [] };`),
      "calm.js": jsIntegration(`return { status: "success" };`),
    });
    await using runtime = createRuntime({
      integrations: ["wordy", "calm"].map((name) => ({ name, directory, source: `./${name}.js` })),
    });
    expect(await runtime.start()).toEqual([]);
    const said: string[] = [];
    for (const type of ["much", "much", "much", "much", "much", "much", "little"]) {
      const { results } = await runtime.dispatch(resourceEvent(`${type}.a`));
      said.push(results.map(({ status, error }) => error?.code ?? status).join(" "));
    }
    const fine = "warn success";
    expect(said).toEqual([fine, fine, fine, fine, fine, "RUNTIME_VERDICTS_TOO_LARGE success", fine]);
    expect(runtime.report()).toMatchObject([
      { calls: 7, failures: 1 },
      { calls: 7, failures: 0 },
    ]);
  });
});

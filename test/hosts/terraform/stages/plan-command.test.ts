import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { planCommand } from "../../../../src/hosts/terraform/stages/commands.js";
import { rejectedCode } from "../../../support/codes.js";
import { resultOf } from "../../fake-runtime.js";
import { planJson } from "../../plan-file/plans.js";
import { fakeStage } from "./stage-runs.js";
import type { StageOptions } from "./stage-runs.js";

function plan(options: StageOptions = {}) {
  const stage = fakeStage({
    argv: ["plan", "-out=mine"],
    wants: () => false,
    questions: () => planJson(),
    core: () => ({ plan: {} }),
    ...options,
  });
  return { ...stage, mine: join(stage.root, "mine") };
}

/** A run whose integrations fail while core plans. */
function refused(options: StageOptions = {}) {
  const stage: ReturnType<typeof plan> = plan({
    core: () => {
      stage.run.judge.keep([resultOf({ status: "fail" })]);
      return { plan: {} };
    },
    ...options,
  });
  return stage;
}

describe("a plan that was accepted", () => {
  it.each([0, 2])("is where the user wants it, and the code is core's own: %i", async (code) => {
    const { run, mine } = plan({ core: () => ({ code, plan: {} }) });
    expect(await planCommand(run)).toBe(code);
    expect(readFileSync(mine).equals(readFileSync(run.folder.file("plan")))).toBe(true);
  });

  it("is nowhere when the user did not ask for it", async () => {
    const { run, root } = plan({ argv: ["plan"] });
    expect(await planCommand(run)).toBe(0);
    expect(existsSync(join(root, "plan"))).toBe(false);
  });

  it("shows what core prints", async () => {
    const { run, terminal } = plan({ core: () => ({ plan: {}, stdout: "No changes.\n" }) });
    await planCommand(run);
    expect(terminal.out).toBe("No changes.\n");
  });

  it("of JSON output goes to the user without us", async () => {
    const { run, starts, mine } = plan({ argv: ["plan", "-json", "-out=mine"] });
    expect(await planCommand(run)).toBe(0);
    expect(starts[0]?.stdout).toBeUndefined();
    expect(existsSync(mine)).toBe(true);
  });

  it("that cannot be written where it is wanted is an error", async () => {
    const { run, mine } = plan();
    mkdirSync(mine);
    expect(await rejectedCode(planCommand(run))).toBe("LIVE_OUTPUT");
    const nowhere = plan({ argv: ["plan", "-out=missing/mine"] });
    expect(await rejectedCode(planCommand(nowhere.run))).toBe("LIVE_OUTPUT");
  });
});

describe("a plan that integrations refused", () => {
  it("fails, whatever core said of it, and is not there", async () => {
    for (const code of [0, 2]) {
      const stage: ReturnType<typeof plan> = refused({
        core: () => {
          stage.run.judge.keep([resultOf({ status: "error" })]);
          return { code, plan: {} };
        },
      });
      expect(await planCommand(stage.run)).toBe(1);
      expect(existsSync(stage.mine)).toBe(false);
    }
  });

  it("takes an older plan of its name with it: nobody shall apply that in its place", async () => {
    const { run, mine, terminal } = refused();
    writeFileSync(mine, "an older plan");
    expect(await planCommand(run)).toBe(1);
    expect(existsSync(mine)).toBe(false);
    expect(terminal.notes).toHaveLength(1);
  });

  it("leaves what is no file where it is", async () => {
    const { run, mine } = refused();
    mkdirSync(mine);
    expect(await planCommand(run)).toBe(1);
    expect(existsSync(mine)).toBe(true);
  });
});

describe("a plan that core could not make whole", () => {
  it("has core's code, and is there as far as core made it", async () => {
    const { run, mine } = plan({ core: () => ({ code: 1, plan: {} }) });
    expect(await planCommand(run)).toBe(1);
    expect(existsSync(mine)).toBe(true);
  });

  it("has the code of the signal that ended core", async () => {
    const { run, mine } = plan({ core: () => ({ code: 137 }) });
    expect(await planCommand(run)).toBe(137);
    expect(existsSync(mine)).toBe(false);
  });
});

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  applyCommand,
  importCommand,
  refreshCommand,
  validateCommand,
} from "../../../../src/hosts/terraform/stages/commands.js";
import { rejectedCode } from "../../../support/codes.js";
import { resultOf } from "../../fake-runtime.js";
import { change, planJson } from "../../plan-file/plans.js";
import { says } from "../interposer/sessions.js";
import { planBytes } from "../records/archives.js";
import { fakeStage } from "./stage-runs.js";
import type { StageOptions } from "./stage-runs.js";

/** Core plans with changes (code 2) and applies (code 0), unless told otherwise. */
function apply(options: StageOptions = {}) {
  return fakeStage({
    argv: ["apply"],
    wants: () => false,
    questions: () => planJson(),
    core: ({ phase }) => (phase === "apply" ? { code: 0 } : { code: 2, plan: {} }),
    ...options,
  });
}

const phases = ({ starts }: ReturnType<typeof apply>) => starts.map(({ phase }) => phase);

describe("apply without a plan", () => {
  it("plans, asks, and applies exactly what was planned", async () => {
    const stage = apply({ typed: ["yes"] });
    expect(await applyCommand(stage.run)).toBe(0);
    expect(phases(stage)).toEqual(["plan", "apply"]);
    expect(stage.starts[1]?.args.positional).toEqual([stage.run.folder.file("plan")]);
    expect(stage.terminal.out).toContain("Do you want to perform these actions?");
  });

  it.each(["no", "", "YES", " yes", "y"])("does nothing when the answer is %j", async (answer) => {
    const stage = apply({ typed: [answer] });
    expect(await applyCommand(stage.run)).toBe(1);
    expect(phases(stage)).toEqual(["plan"]);
    expect(stage.terminal.out).toContain("cancelled");
  });

  it("does nothing when there is no answer", async () => {
    const stage = apply();
    expect(await applyCommand(stage.run)).toBe(1);
    expect(phases(stage)).toEqual(["plan"]);
    expect(stage.terminal.err).toContain("EOF");
  });

  it("does nothing when the user stopped it instead of an answer", async () => {
    const stopping = new AbortController();
    const stage = apply({ interrupt: stopping.signal });
    const { io } = stage.run;
    const ask = io.ask.bind(io);
    Object.assign(io, {
      ask: (question: string) => {
        stopping.abort();
        return ask(question);
      },
    });
    expect(await applyCommand(stage.run)).toBe(1);
    expect(stage.terminal.err).toContain("interrupted");
  });

  it.each<[string, StageOptions]>([
    ["the user said so before", { argv: ["apply", "-auto-approve"] }],
    ["nothing changes", { core: ({ phase }) => ({ code: 0, ...(phase !== "apply" && { plan: {} }) }) }],
  ])("asks nobody when %s", async (_, options) => {
    const stage = apply(options);
    expect(await applyCommand(stage.run)).toBe(0);
    expect(phases(stage)).toEqual(["plan", "apply"]);
    expect(stage.terminal.out).not.toContain("Do you want");
  });

  it("of JSON without approval is core's to refuse: nothing is planned", async () => {
    const stage = apply({ argv: ["apply", "-json"], core: () => ({ code: 1 }) });
    expect(await applyCommand(stage.run)).toBe(1);
    expect(phases(stage)).toEqual(["apply"]);
  });

  it("does nothing when integrations refuse the plan, and asks nobody", async () => {
    const stage: ReturnType<typeof apply> = apply({
      typed: ["yes"],
      core: () => {
        stage.run.judge.keep([resultOf({ status: "fail" })]);
        return { code: 2, plan: {} };
      },
    });
    expect(await applyCommand(stage.run)).toBe(1);
    expect(phases(stage)).toEqual(["plan"]);
    expect(stage.terminal.out).toBe("");
  });

  it("gives the code of the signal that ended core while it planned", async () => {
    const stage = apply({ core: () => ({ code: 130 }) });
    expect(await applyCommand(stage.run)).toBe(130);
  });

  it.each([
    [["destroy"], "Do you really want to destroy all resources?", "destroy-plan"],
    [["apply", "-destroy"], "Do you really want to destroy all resources?", "destroy-plan"],
    [["apply", "-refresh-only"], "state to reflect these detected changes?", "plan"],
  ] as const)("of %j asks as core does", async (argv, question, phase) => {
    const stage = apply({ argv, typed: ["no"] });
    await applyCommand(stage.run);
    expect(stage.terminal.out).toContain(question);
    expect(phases(stage)).toEqual([phase]);
  });
});

describe("apply of a plan", () => {
  it("applies it, and asks nobody", async () => {
    const stage = apply({ argv: ["apply", "saved"], files: { saved: planBytes() } });
    expect(await applyCommand(stage.run)).toBe(0);
    expect(stage.starts).toMatchObject([{ phase: "apply", args: { positional: ["saved"] } }]);
    expect(stage.terminal.out).toBe("");
  });

  it("puts it before the integrations first, in the order of a run", async () => {
    const created = change("mock_thing.new", ["create"], null, {});
    const options: StageOptions = {
      argv: ["apply", "saved"],
      wants: () => true,
      files: { saved: planBytes({ changes: [{ address: "mock_thing.new" }] }) },
      questions: (command) =>
        command.includes("saved") ? planJson({ resource_changes: [created] }) : '{"format_version":"1.0"}',
    };
    const stage = apply({ ...options, answers: { one: says({}) } });
    expect(await applyCommand(stage.run)).toBe(0);
    expect(stage.runtime.events.map(({ hook }) => hook)).toEqual([
      "plan-stage-start",
      "pre-plan-resource",
      "post-plan-resource",
      "plan-stage-complete",
      "apply-stage-start",
      "apply-stage-complete",
    ]);
    for (const hook of ["plan-stage-start", "post-plan-resource", "plan-stage-complete"]) {
      const stopped = apply({ ...options, answers: { one: says({ status: "fail" }, hook) } });
      expect(await applyCommand(stopped.run)).toBe(1);
      expect(stopped.starts).toEqual([]);
    }
  });

  it("that is not there, or is a folder, is core's to say", async () => {
    const missing = apply({ argv: ["apply", "missing"], core: () => ({ code: 1 }) });
    expect(await applyCommand(missing.run)).toBe(1);
    const folder = apply({ argv: ["apply", "folder"], core: () => ({ code: 1 }) });
    mkdirSync(join(folder.root, "folder"));
    expect(await applyCommand(folder.run)).toBe(1);
    expect([missing.starts.length, folder.starts.length]).toEqual([1, 1]);
  });

  it("that is no plan is refused before core starts", async () => {
    const stage = apply({ argv: ["apply", "saved"] });
    writeFileSync(join(stage.root, "saved"), "no plan");
    expect(await rejectedCode(applyCommand(stage.run))).toBe("RECORDS_PLAN_FILE");
    expect(stage.starts).toEqual([]);
  });
});

describe("commands of one start of core", () => {
  it("refresh is completed when core could do it", async () => {
    const options = { argv: ["refresh"], answers: { one: says({}) }, questions: () => '{"format_version":"1.0"}' };
    for (const code of [0, 1]) {
      const stage = fakeStage({ ...options, core: () => ({ code }) });
      expect(await refreshCommand(stage.run)).toBe(code);
      expect(stage.runtime.events.map(({ hook }) => hook)).toEqual(code === 0 ? ["refresh-stage-complete"] : []);
      expect(stage.starts).toMatchObject([{ phase: "refresh" }]);
    }
  });

  it("import knows where the object will be", async () => {
    const stage = apply({ argv: ["import", "mock_thing.new", "i-1"] });
    await importCommand(stage.run);
    expect(stage.starts).toMatchObject([{ phase: "import" }]);
    expect(stage.starts[0]?.book.ofObject("managed", "mock_thing", null, {}).address).toBe("mock_thing.new");
  });

  it("validate gives core's code", async () => {
    const stage = apply({ argv: ["validate"], core: () => ({ code: 1 }) });
    expect(await validateCommand(stage.run)).toBe(1);
    expect(stage.starts).toMatchObject([{ phase: "validate" }]);
  });
});

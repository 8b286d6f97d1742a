import { describe, expect, it } from "vitest";
import { Halt, isTracked } from "../../../../src/hosts/terraform/interposer/live-run.js";
import { HOOKS } from "../../../../src/protocol/hooks.js";
import { openSession, says } from "./sessions.js";
import { resourceEvent } from "../../../support/projects.js";

describe("whether applying goes on", () => {
  it("is so until somebody stops it, and the first reason stays", () => {
    const halt = new Halt();
    expect(halt.reason()).toBeNull();
    halt.set("first");
    halt.set("second");
    expect(halt.reason()).toBe("first");
  });

  it.each([
    ["fail", "apply", true],
    ["error", "apply", true],
    ["warn", "apply", false],
    ["success", "apply", false],
    ["fail", "plan", false],
    ["fail", "refresh", false],
  ] as const)("an answer of %s in %s: stopped %s", async (status, phase, stopped) => {
    const { session, run, judge } = openSession({ phase, answers: { guard: says({ status, message: "m" }) } });
    const outcome = await judge.ask(resourceEvent("mock_thing.one", "pre-apply-resource"), session.audience);
    const said = session.say(outcome, "pre-apply-resource", null);
    expect(said.blocked).toBe(status === "fail" || status === "error");
    expect(run.halt.reason() !== null).toBe(stopped);
    if (stopped) expect(run.halt.reason()).toContain("guard");
  });
});

describe("objects that are tracked", () => {
  it("are those whose hooks somebody listens to", () => {
    const { run, session } = openSession({
      wants: (hook, type) => hook === "post-apply-resource" && type === "mock_thing",
    });
    expect(isTracked(run, "mock_thing", session.audience)).toBe(true);
    expect(isTracked(run, "mock_other", session.audience)).toBe(false);
  });

  it("need no id for hooks of stages, data, providers and validation", () => {
    for (const hook of HOOKS.filter((name) => !/^(pre|post)-(plan|apply|refresh)-resource$/.test(name))) {
      const { run, session } = openSession({ wants: (wanted) => wanted === hook });
      expect(isTracked(run, "mock_thing", session.audience), hook).toBe(false);
    }
  });

  it("are looked for among those who may see them", () => {
    const { run } = openSession({ wants: (_hook, _type, audience) => audience?.provider === "mock.eu" });
    expect(isTracked(run, "mock_thing", { project: true, provider: "mock.eu" })).toBe(true);
    expect(isTracked(run, "mock_thing", { project: true, provider: null })).toBe(false);
  });
});

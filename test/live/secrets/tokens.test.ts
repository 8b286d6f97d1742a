import { expect, it } from "vitest";
import * as v from "valibot";
import { airlockReport } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { PROTOCOLS, withMockcloud } from "../../support/live/mockcloud.js";
import { recorder, takeRecorded, type Recorded } from "../../support/live/recorder.js";
import { readState, workspace } from "../../support/live/workspace.js";
import { TOKEN } from "../../support/tokens.js";

const FIRST = "the first password";
const SECOND = "the second password";

function project(password: string): string {
  return `
resource "mockcloud_instance" "one" {
  name     = "one"
  password = "${password}"
}
resource "mockcloud_instance" "two" {
  name     = "two"
  password = "${FIRST}"
}
`;
}

const ValueSchema = v.nullish(v.looseObject({ password: v.nullish(v.string()) }));

/** The password that one guest was told in one event, before and after. */
function passwords(events: readonly Recorded[], who: string, hook: string, address: string): unknown[] {
  const event = events.find(
    (one) => one.who.name === who && one.method === hook && one.params.address === address,
  )?.params;
  return ["before", "after"].map((side) => v.parse(ValueSchema, event?.[side])?.password);
}

await describeLive("tokens of sensitive values", (core) => {
  it.each(PROTOCOLS)("tell what is equal and what changes, in all of a run, on protocol %i", async (protocol) => {
    const space = await workspace({ files: { "main.tf": withMockcloud(protocol, project(FIRST)) } });
    space.write({ "airlock.hcl": recorder(space) });
    await space.init(core);
    await space.succeed(core, ["apply", "-auto-approve"]);
    space.write({ "main.tf": withMockcloud(protocol, project(SECOND)) });
    const { code } = await airlockReport(space, core, ["apply", "-auto-approve"]);
    expect(code).toBe(0);
    const events = takeRecorded(space);
    const one = passwords(events, "recorder", "post-plan-resource", "mockcloud_instance.one");
    const two = passwords(events, "recorder", "post-plan-resource", "mockcloud_instance.two");
    expect([...one, ...two]).toEqual([TOKEN, TOKEN, TOKEN, TOKEN]);
    expect(one[1]).not.toBe(one[0]);
    expect(two).toEqual([one[0], one[0]]);
    expect(passwords(events, "recorder", "post-apply-resource", "mockcloud_instance.one")).toEqual(one);
    const views = events.find(({ method }) => method === "plan-stage-complete")?.params.resources ?? [];
    expect(views.map(({ after }) => v.parse(ValueSchema, after)?.password).sort()).toEqual([one[0], one[1]].sort());
  });

  it("are others in the next run", async () => {
    const space = await workspace({ files: { "main.tf": withMockcloud(6, project(FIRST)) } });
    space.write({ "airlock.hcl": recorder(space) });
    await space.init(core);
    const runs: unknown[] = [];
    for (let run = 0; run < 2; run += 1) {
      await airlockReport(space, core, ["plan"]);
      runs.push(passwords(takeRecorded(space), "recorder", "post-plan-resource", "mockcloud_instance.one")[1]);
    }
    expect(runs).toEqual([TOKEN, TOKEN]);
    expect(runs[0]).not.toBe(runs[1]);
  });

  it("are plain values at places that are granted, for that integration alone", async () => {
    const space = await workspace({ files: { "main.tf": withMockcloud(6, project(FIRST)) } });
    const grants = `grants = { sensitive = ["mockcloud_*.password"] }`;
    space.write({ "airlock.hcl": recorder(space, { name: "granted", body: grants }) + recorder(space) });
    await space.init(core);
    const applied = await airlockReport(space, core, ["apply", "-auto-approve"]);
    expect(applied.code).toBe(0);
    const events = takeRecorded(space);
    for (const hook of ["post-plan-resource", "pre-apply-resource", "post-apply-resource"]) {
      expect(passwords(events, "granted", hook, "mockcloud_instance.one")).toEqual([undefined, FIRST]);
      expect(passwords(events, "recorder", hook, "mockcloud_instance.one")).toEqual([undefined, TOKEN]);
    }
    for (const hook of ["plan-stage-complete", "apply-stage-complete"]) {
      const told = events.filter(({ method }) => method === hook);
      const byName = new Map(told.map(({ who, params }) => [who.name, JSON.stringify(params.resources)]));
      expect([byName.get("granted")?.includes(FIRST), byName.get("recorder")?.includes(FIRST)]).toEqual([true, false]);
    }
  });

  it("keep a granted value out of what is said and stored", async () => {
    const space = await workspace({ files: { "main.tf": withMockcloud(6, project(FIRST)) } });
    const findings = [{ rule: "told", severity: "low" as const, message: `is ${FIRST}` }];
    const say = [
      { hook: "post-plan-resource" as const, status: "warn" as const, message: `saw ${FIRST}`, findings },
      { hook: "post-apply-resource" as const, metadata: { kept: FIRST } },
    ];
    const body = `grants = { sensitive = ["mockcloud_*.password"] }\n  on_error = "warn"`;
    space.write({ "airlock.hcl": recorder(space, { say, body }) });
    await space.init(core);
    const { stdout, stderr, report } = await airlockReport(space, core, ["apply", "-auto-approve", "--verbose"]);
    const written = [stdout, stderr, JSON.stringify(report)].join("\n");
    expect(written).toContain("(sensitive value)");
    expect(written).not.toContain(FIRST);
    expect(written).toContain("RUNTIME_METADATA_SECRET");
    const kept = readState(space).resources.flatMap(({ instances }) => instances.map((one) => one.private ?? ""));
    expect(kept.map((text) => Buffer.from(text, "base64").toString("utf8").includes('"airlock"'))).toEqual([
      false,
      false,
    ]);
  });
});

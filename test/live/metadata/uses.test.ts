import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import * as v from "valibot";
import type { CheckReport } from "../../../src/report/check-report.js";
import { airlock, airlockReport } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { PROTOCOLS, withMockcloud, type Protocol } from "../../support/live/mockcloud.js";
import { recorder, takeEvents } from "../../support/live/recorder.js";
import type { Core } from "../../support/live/tools.js";
import { attributesOf, workspace, type Workspace } from "../../support/live/workspace.js";

const sample = (name: string): string => JSON.stringify(resolve("integrations", name));

/** Only the estimator has prices: what the others say of costs, they have from what is stored. */
const USES = `integration "cost_estimator" {
  source = ${sample("cost-estimator")}
  config = {
    prices = { mockcloud_instance = { attribute = "size", sizes = { small = 10, large = 400 } } }
  }
}
integration "budget_checker" {
  source = ${sample("budget-checker")}
  config = { max_cost = 1000 }
  after  = ["cost_estimator"]
}
integration "cost_tracker" {
  source = ${sample("cost-tracker")}
  config = { runs = 2 }
  after  = ["cost_estimator"]
}
integration "drift_logger" {
  source = ${sample("drift-logger")}
}
`;

interface Instance {
  readonly size: string;
  readonly zone?: string;
}

function instances(protocol: Protocol, all: Readonly<Record<string, Instance>>): string {
  const blocks = Object.entries(all).map(([name, attributes]) => {
    const lines = Object.entries({ name, ...attributes }).map(
      ([key, value]) => `  ${key} = ${JSON.stringify(value)}\n`,
    );
    return `resource "mockcloud_instance" "${name}" {\n${lines.join("")}}\n`;
  });
  return withMockcloud(protocol, blocks.join(""));
}

async function project(core: Core, protocol: Protocol, all: Readonly<Record<string, Instance>>): Promise<Workspace> {
  const space = await workspace({ files: { "main.tf": instances(protocol, all), "airlock.hcl": USES } });
  await space.init(core);
  return space;
}

/** One run with the four samples; rejects unless it ends with this code. */
async function run(space: Workspace, core: Core, args: readonly string[], code = 0): Promise<CheckReport> {
  const { report, ...ended } = await airlockReport(space, core, args);
  expect(ended.code, `${ended.stdout}\n${ended.stderr}`).toBe(code);
  if (report === null) throw new Error(`${args.join(" ")} wrote no report`);
  return report;
}

const APPLY = ["apply", "-auto-approve"];

function budgetIn({ results }: CheckReport): unknown {
  const found = results.find(
    ({ integration, hook }) => `${integration} ${hook}` === "budget_checker plan-stage-complete",
  );
  return found?.metadata?.["monthly_cost"];
}

const Views = v.array(
  v.object({ address: v.string(), metadata: v.record(v.string(), v.record(v.string(), v.unknown())) }),
);

/** What the state holds of each instance, as a plan tells it that none of the four takes part in. */
async function stored(
  space: Workspace,
  core: Core,
): Promise<Readonly<Record<string, v.InferOutput<typeof Views>[0]["metadata"]>>> {
  space.write({ "airlock.hcl": recorder(space, { hooks: ["plan-stage-complete"] }) });
  const { code, stderr } = await airlock(space, core, ["plan", "-refresh=false"]);
  expect(code, stderr).toBe(0);
  space.write({ "airlock.hcl": USES });
  const [complete] = takeEvents(space);
  const views = v.parse(Views, complete?.params.resources ?? []);
  return Object.fromEntries(
    views.map(({ address, metadata }) => [address.replace("mockcloud_instance.", ""), metadata]),
  );
}

/** Costs in the history of an instance, with the commands of their runs. */
function historyOf(
  metadata: Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined,
): readonly string[] {
  const Entries = v.array(
    v.object({ run: v.pipe(v.string(), v.uuid()), command: v.string(), monthly_cost: v.number() }),
  );
  return v
    .parse(Entries, metadata?.["cost_tracker"]?.["history"])
    .map(({ command, monthly_cost }) => `${command} ${monthly_cost}`);
}

/** Somebody changes an object where no core sees it. */
function change(space: Workspace, from: string, to: string): void {
  const [file = ""] = readdirSync(space.cloud).filter((name) => name.startsWith("mockcloud_instance."));
  const path = join(space.cloud, file);
  const before = readFileSync(path, "utf8");
  expect(before).toContain(JSON.stringify(from));
  writeFileSync(path, before.replace(JSON.stringify(from), JSON.stringify(to)));
}

await describeLive("costs that are kept in the state", (core) => {
  it.each(PROTOCOLS)("are summed over all of it, on protocol %i", async (protocol) => {
    const both = { one: { size: "large" }, two: { size: "large" } };
    const space = await project(core, protocol, both);
    expect(budgetIn(await run(space, core, APPLY))).toBe(800);
    expect(await stored(space, core)).toMatchObject({
      one: { cost_estimator: { monthly_cost: 400, currency: "USD" } },
      two: { cost_estimator: { monthly_cost: 400, currency: "USD" } },
    });

    // A third one is within the budget alone, and the plan is about nothing else.
    space.write({ "main.tf": instances(protocol, { ...both, three: { size: "large" } }) });
    const aside = await run(space, core, ["apply", "-auto-approve", "-target=mockcloud_instance.three"], 1);
    expect(budgetIn(aside)).toBe(1200);
    expect(attributesOf(space, "mockcloud_instance", "three")).toBeUndefined();

    space.write({ "main.tf": instances(protocol, { ...both, three: { size: "small" } }) });
    expect(budgetIn(await run(space, core, ["plan", "-refresh-only"]))).toBe(800);
    expect(budgetIn(await run(space, core, APPLY))).toBe(810);

    // A replaced one counts once, with its new cost; a deleted one does not.
    space.write({
      "main.tf": instances(protocol, { one: { size: "small", zone: "elsewhere" }, three: { size: "small" } }),
    });
    const changed = await run(space, core, APPLY);
    expect(changed.results).toContainEqual(
      expect.objectContaining({ hook: "post-plan-resource", address: "mockcloud_instance.one" }),
    );
    expect(budgetIn(changed)).toBe(20);
    expect(Object.keys(await stored(space, core)).sort()).toEqual(["one", "three"]);
    expect(budgetIn(await run(space, core, ["plan", "-destroy"]))).toBe(0);
  });

  it.each(PROTOCOLS)("are told of the last runs that changed them, on protocol %i", async (protocol) => {
    const space = await project(core, protocol, { one: { size: "small" }, two: { size: "small" } });
    await run(space, core, APPLY);
    expect(historyOf((await stored(space, core))["one"])).toEqual(["apply 10"]);

    space.write({ "main.tf": instances(protocol, { one: { size: "large" }, two: { size: "small" } }) });
    await run(space, core, APPLY);
    expect(historyOf((await stored(space, core))["one"])).toEqual(["apply 10", "apply 400"]);
    expect(historyOf((await stored(space, core))["two"])).toEqual(["apply 10"]);

    // A run that changes nothing leaves the state as it is, to the byte.
    const state = readFileSync(join(space.folder, "terraform.tfstate"), "utf8");
    await run(space, core, APPLY);
    expect(readFileSync(join(space.folder, "terraform.tfstate"), "utf8")).toBe(state);

    // A plan adds nothing until it is applied, and the run that applies it is named then. The oldest entry makes room.
    space.write({ "main.tf": instances(protocol, { one: { size: "small" }, two: { size: "small" } }) });
    await run(space, core, ["plan", "-out=saved"]);
    expect(historyOf((await stored(space, core))["one"])).toEqual(["apply 10", "apply 400"]);
    await run(space, core, ["apply", "saved"]);
    expect(historyOf((await stored(space, core))["one"])).toEqual(["apply 400", "apply 10"]);
  });

  it.each(PROTOCOLS)("come to resources that were there before anybody asked, on protocol %i", async (protocol) => {
    const space = await project(core, protocol, { one: { size: "large" } });
    await space.succeed(core, APPLY);
    expect(await stored(space, core)).toEqual({ one: {} });
    await run(space, core, APPLY);
    const found = await stored(space, core);
    expect(found).toMatchObject({ one: { cost_estimator: { monthly_cost: 400 } } });
    expect(historyOf(found["one"])).toEqual(["apply 400"]);
  });
});

await describeLive("drift", (core) => {
  it.each(PROTOCOLS)("is warned of by its paths, counted and kept, on protocol %i", async (protocol) => {
    const space = await project(core, protocol, { one: { size: "small" } });
    await run(space, core, APPLY);
    expect((await stored(space, core))["one"]).not.toHaveProperty("drift_logger");

    change(space, "small", "large");
    // Seen, and not kept: a plan writes no state.
    expect((await run(space, core, ["plan"])).verdict).toBe("warn");
    expect((await stored(space, core))["one"]).not.toHaveProperty("drift_logger");

    const { code, stdout, stderr } = await airlock(space, core, [...APPLY, "-no-color"]);
    expect(code).toBe(0);
    expect(`${stdout}\n${stderr}`).toContain("drift_logger: changed outside of this project: size");
    const once = (await stored(space, core))["one"]?.["drift_logger"];
    expect(once).toMatchObject({ drifts: 1, last: { command: "apply", action: "update", paths: ["size"], more: 0 } });
    expect(JSON.stringify(once)).not.toMatch(/small|large/);

    await run(space, core, APPLY);
    expect((await stored(space, core))["one"]?.["drift_logger"]).toEqual(once);

    change(space, "small", "large");
    await run(space, core, ["apply", "-refresh-only", "-auto-approve"]);
    expect((await stored(space, core))["one"]?.["drift_logger"]).toMatchObject({
      drifts: 2,
      last: { paths: ["size"] },
    });
  });
});

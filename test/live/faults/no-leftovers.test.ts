import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, it } from "vitest";
import { startAirlock } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { withMockcloud } from "../../support/live/mockcloud.js";
import type { Outcome, Running } from "../../support/live/process.js";
import { randomFrom } from "../../support/live/random.js";
import { cores } from "../../support/live/tools.js";
import type { Core } from "../../support/live/tools.js";
import { readState, workspace } from "../../support/live/workspace.js";
import type { Workspace } from "../../support/live/workspace.js";
import { misbehaving } from "../../support/misbehaving.js";
import { jsGuest, mayRun, programGuest } from "./guests.js";
import { processesLeft, processesOf, temporaryOf } from "./leftovers.js";

/** On all cores together. */
const RUNS = 200;
/** Runs at a time, each in a project of its own. */
const AT_ONCE = 2;
const LONGEST_MS = 600_000;
/** The latest moment at which a run is disturbed, as a multiple of what an apply took at first: some have ended then. */
const LATEST = 1.2;
const LOCK = ".terraform.tfstate.lock.info";

const BODY = `
resource "mockcloud_instance" "a" {
  name = "a"
}
resource "mockcloud_bucket" "b" {
  name = mockcloud_instance.a.name
}
data "mockcloud_image" "i" {
  name = "i"
}
resource "time_static" "t" {
}`;

const COMMANDS = [
  ["plan"],
  ["apply", "-auto-approve"],
  ["plan", "-out=saved"],
  ["destroy", "-auto-approve"],
  ["apply", "-auto-approve", "-replace=mockcloud_instance.a"],
  ["refresh"],
  ["validate"],
  ["apply", "-auto-approve", "-refresh-only"],
] as const;

/** What can happen to a run; the first ones are those of a user, the others those of a bad day. */
const DISTURBANCES = ["SIGINT", "SIGTERM", "twice", "SIGKILL", "kill-all", "kill-core", "kill-sandbox"] as const;
type Disturbance = (typeof DISTURBANCES)[number];

function block(name: string, source: string): string {
  return `integration "${name}" {\n  source = "${source}"\n}\n`;
}

/** One project with integrations in airlock.hcl, one in which core runs in a shadow, one with some under its provider. */
async function projects(): Promise<Workspace[]> {
  const guests = { "guest.js": jsGuest(), guest: programGuest() };
  const wasm = block("wasm", await misbehaving("plug-in"));
  const three = block("js", "./guest.js") + block("program", "./guest") + wasm;
  const fast = `latency_ms = 60`;
  const spaces = await Promise.all([
    workspace({ files: { ...guests, "main.tf": withMockcloud(6, BODY, fast), "airlock.hcl": three } }),
    workspace({
      files: { ...guests, "main.tf": withMockcloud(5, BODY, fast), "more.tf": `terraform {\n${three}\n}\n` },
    }),
    workspace({
      files: {
        ...guests,
        "main.tf": withMockcloud(6, BODY, `${fast}\n${block("js", "./guest.js")}`),
        "airlock.hcl": block("program", "./guest"),
      },
    }),
  ]);
  for (const space of spaces) mayRun(space, "guest");
  return spaces;
}

async function disturb(space: Workspace, core: Core, run: Running, how: Disturbance): Promise<void> {
  const find = (text: string) => processesOf(space).filter(({ command }) => command.includes(text));
  switch (how) {
    case "SIGINT":
    case "SIGTERM":
    case "SIGKILL":
      run.signal(how);
      return;
    case "twice":
      run.signal("SIGINT");
      await delay(100);
      run.signal("SIGINT");
      return;
    case "kill-all":
      run.signalGroup("SIGKILL");
      return;
    case "kill-core":
    case "kill-sandbox":
      for (const { pid } of find(how === "kill-core" ? `${core.path} ` : "sandbox/child/main.js")) kill(pid);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended in the meantime.
  }
}

/** Whether core ended without a word: only then may the note of its lock stay. */
function isCoreCut({ code, stdout, stderr }: Outcome, how: Disturbance | null): boolean {
  return how === "kill-core" || code === 137 || (stdout + stderr).includes("Two interrupts received");
}

interface Tally {
  readonly codes: Map<string, number>;
  disturbed: number;
}

/** What must be so after every run, whatever became of it. */
async function checkAfter(space: Workspace, what: string, mayBeLocked: boolean): Promise<void> {
  expect(await processesLeft(space, 15_000), what).toEqual([]);
  expect(temporaryOf(space), what).toEqual([]);
  const state = join(space.folder, "terraform.tfstate");
  // Core makes an empty file to lock it.
  if (existsSync(state) && readFileSync(state).length > 0) expect(() => readState(space), what).not.toThrow();
  if (!mayBeLocked) expect(existsSync(join(space.folder, LOCK)), what).toBe(false);
}

async function series(space: Workspace, core: Core, runs: readonly (() => number)[], tally: Tally): Promise<void> {
  let mayBeLocked = false;
  const begun = performance.now();
  expect(await startAirlock(space, core, ["apply", "-auto-approve"]).ended).toMatchObject({ code: 0 });
  const wholeMs = performance.now() - begun;
  for (const [at, random] of runs.entries()) {
    const args = COMMANDS[Math.floor(random() * COMMANDS.length)] ?? ["plan"];
    const how = random() < 1 / 3 ? (DISTURBANCES[Math.floor(random() * DISTURBANCES.length)] ?? null) : null;
    const after = Math.floor(random() * LATEST * wholeMs);
    const run = startAirlock(space, core, [...args, "-no-color"]);
    const over = run.ended.then(() => true);
    if (how !== null && !(await Promise.race([over, delay(after, false)]))) {
      tally.disturbed += 1;
      await disturb(space, core, run, how);
    }
    const end = await run.ended;
    const said = how === null ? `${end.stdout}\n${end.stderr}` : "";
    const what = `run ${at} in ${space.folder}: ${args.join(" ")}, ${how ?? "undisturbed"} after ${after} ms\n${said}`;
    const ending = `${args[0]} ${how ?? "-"} ${end.code ?? end.signal ?? ""}`;
    tally.codes.set(ending, (tally.codes.get(ending) ?? 0) + 1);
    mayBeLocked ||= isCoreCut(end, how);
    if (how === null) expect(end.code, what).toBe(0);
    // An undisturbed run takes the note away, when it locks at all.
    if (how === null && args[0] !== "validate") mayBeLocked = false;
    await checkAfter(space, what, mayBeLocked);
  }
  expect(await startAirlock(space, core, ["state", "list"]).ended, space.folder).toMatchObject({ code: 0 });
}

await describeLive("two hundred runs, a third of them disturbed", (core) => {
  it("leave no process and no file, and never damage the state", { timeout: LONGEST_MS }, async () => {
    const seed = Number(process.env["AIRLOCK_TEST_SEED"] ?? Date.now() % 2 ** 31);
    console.log(`seed ${seed} (AIRLOCK_TEST_SEED=${seed} runs the same again)`);
    const spaces = await projects();
    // Through airlock: integration blocks are no configuration of core's.
    for (const space of spaces) expect(await startAirlock(space, core, ["init"]).ended).toMatchObject({ code: 0 });
    const tally: Tally = { codes: new Map(), disturbed: 0 };
    const share = Math.ceil(RUNS / (await cores()).length / spaces.length);
    const all = spaces.map((space, at) => () => {
      const random = randomFrom(seed + at);
      return series(
        space,
        core,
        Array.from({ length: share }, () => random),
        tally,
      );
    });
    const started = performance.now();
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let next = all.pop(); next !== undefined; next = all.pop()) await next();
      }),
    );
    const seconds = Math.round((performance.now() - started) / 1000);
    console.log(`${share * spaces.length} runs in ${seconds} s, ${tally.disturbed} disturbed:`);
    console.log(
      [...tally.codes]
        .map(([ending, count]) => `${count} x ${ending}`)
        .sort()
        .join("\n"),
    );
    expect(tally.disturbed).toBeGreaterThan(share / 4);
  });
});

import { existsSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "vitest";
import { withMockcloud } from "../../support/live/mockcloud.js";
import type { Outcome, Running } from "../../support/live/process.js";
import type { Core } from "../../support/live/tools.js";
import { readState, workspace } from "../../support/live/workspace.js";
import type { Workspace } from "../../support/live/workspace.js";
import { declared } from "./guests.js";
import { processesLeft, processesOf, temporaryOf } from "./leftovers.js";

export const APPLY = ["apply", "-auto-approve", "-no-color"];
export const ONLY_A = [...APPLY, "-target=mockcloud_instance.a"];
/** What core notes beside the state while it holds the lock. */
const LOCK = ".terraform.tfstate.lock.info";

/** One after the other: b waits for a, and c for b. */
export const CHAIN = ["a", "b", "c"]
  .map((name, at, all) => {
    const after = at === 0 ? "" : `depends_on = [mockcloud_instance.${all[at - 1] ?? ""}]`;
    return `resource "mockcloud_instance" "${name}" {\n  name = "${name}"\n  ${after}\n}`;
  })
  .join("\n");

/** The chain on a cloud that takes its time, judged by `guest.js`; `more` are further arguments of its declaration. */
export function chain(guest: string, more = "", files: Readonly<Record<string, string>> = {}): Promise<Workspace> {
  const main = withMockcloud(6, CHAIN, `latency_ms = 400`);
  return workspace({
    files: { "main.tf": main, "guest.js": guest, "airlock.hcl": declared("./guest.js", more), ...files },
  });
}

/** Resolves when something is so; fails when the run ends before. */
export async function until(isSo: () => boolean, running: Running): Promise<void> {
  let end: Outcome | undefined;
  void running.ended.then((outcome) => (end = outcome));
  while (!isSo()) {
    if (end !== undefined) expect.fail(`it ended too early:\n${end.stdout}\n${end.stderr}`);
    await delay(10);
  }
}

/** Whether the provider was told to do this to the object of this name; to any when left out. */
export function called(space: Workspace, method: string, name?: string): () => boolean {
  return () => space.calls().some((call) => call.method === method && (name === undefined || call.name === name));
}

/** Whether a process of the workspace has this in its command line. */
export function runs(space: Workspace, text: string): () => boolean {
  return () => processesOf(space).some(({ command }) => command.includes(text));
}

/** SIGKILL to the processes of a workspace that have this in their command line; there must be one. */
export function killed(space: Workspace, text: string): void {
  const found = processesOf(space).filter(({ command }) => command.includes(text));
  expect(found.length).toBeGreaterThan(0);
  for (const { pid } of found) process.kill(pid, "SIGKILL");
}

/** What shows in the command line of the core that runs under airlock. */
export function coreOf(core: Core, command: string): string {
  return `${core.path} ${command}`;
}

/** The names of the resources in the state. */
export function namesIn(space: Workspace): string[] {
  const file = join(space.folder, "terraform.tfstate");
  // Core makes an empty file to lock it, and empties it before it writes it anew.
  if (!existsSync(file) || statSync(file).size === 0) return [];
  // Now and then core leaves the name of something that was not made, without an instance.
  return readState(space)
    .resources.flatMap(({ name, instances }) => (instances.length === 0 ? [] : [name]))
    .sort();
}

/** Every process ends within seconds, the temporary folder is empty, and core has given the lock back. */
export async function nothingIsLeft(space: Workspace, { isCoreCut = false } = {}): Promise<void> {
  expect(await processesLeft(space, 10_000)).toEqual([]);
  expect(temporaryOf(space)).toEqual([]);
  // The note of the lock stays where core had no time to take it away, as it does without us; the lock itself does not.
  if (isCoreCut) rmSync(join(space.folder, LOCK), { force: true });
  expect(existsSync(join(space.folder, LOCK))).toBe(false);
}

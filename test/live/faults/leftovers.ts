import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Workspace } from "../../support/live/workspace.js";

/** How often processes are looked for while they may still end, in ms. */
const LOOK_MS = 50;

/** A process that has to do with a workspace: by its command line, its environment or the folder that it stands in. */
export interface Found {
  readonly pid: number;
  /** Its command line. */
  readonly command: string;
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8").replaceAll("\0", " ").trim();
  } catch {
    // It has ended, or belongs to somebody else.
    return "";
  }
}

function folderOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return "";
  }
}

function fromProc(text: string): Found[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((pid) => ({ pid, command: read(`/proc/${pid}/cmdline`), environment: read(`/proc/${pid}/environ`) }))
    .filter(({ pid, command, environment }) => `${command}\n${environment}\n${folderOf(pid)}`.includes(text))
    .map(({ pid, command }) => ({ pid: Number(pid), command }));
}

/** `-E` shows the environment of one's own processes. */
function fromPs(text: string): Found[] {
  const lines = execFileSync("ps", ["-axwwE", "-o", "pid=,command="], { encoding: "utf8" }).split("\n");
  return lines
    .filter((line) => line.includes(text))
    .map((line) => ({ pid: Number.parseInt(line, 10), command: line.trim() }))
    .filter(({ pid }) => pid !== process.pid);
}

/** The folder that holds all of a workspace: project, temporary files, cloud and home. */
function rootOf(space: Workspace): string {
  return join(space.folder, "..");
}

/** Every process that has to do with a workspace. */
export function processesOf(space: Workspace): readonly Found[] {
  return process.platform === "linux" ? fromProc(rootOf(space)) : fromPs(rootOf(space));
}

/** Those that are left when `ms` are over; none as soon as there are none. */
export async function processesLeft(space: Workspace, ms: number): Promise<readonly Found[]> {
  const until = performance.now() + ms;
  for (;;) {
    const found = processesOf(space);
    if (found.length === 0 || performance.now() > until) return found;
    await delay(LOOK_MS);
  }
}

/** What lies in the temporary folder of a workspace, once nothing of it runs any more. */
export function temporaryOf(space: Workspace): readonly string[] {
  return readdirSync(space.temporary).sort();
}

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { ProcessWatch } from "../../../../src/hosts/terraform/providers/guard.js";
import { ProviderProcess } from "../../../../src/hosts/terraform/providers/provider-process.js";
import { RunFolder } from "../../../../src/hosts/terraform/providers/run-folder.js";
import type { ProviderStart } from "../../../../src/hosts/terraform/providers/spawned-provider.js";
import { temporaryFolder } from "../../../support/projects.js";
import { fakeProvider, program, SOURCE } from "./packages.js";

/** Whether a process runs; one that is only not yet reaped does not. */
export function isAlive(pid: number): boolean {
  try {
    const state = execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
    return !state.trimStart().startsWith("Z");
  } catch {
    return false;
  }
}

/** Kills a process, or a group by its negative id, when the test ends. */
export function killAfterTest(pid: number): void {
  onTestFinished(() => {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended.
    }
  });
}

/** What was told to the guard, in order. */
export class Watched implements ProcessWatch {
  readonly told: string[] = [];

  expect(folder: string): void {
    this.told.push(`? ${folder}`);
  }

  started(pid: number, folder: string): void {
    this.told.push(`+ ${folder}`);
    killAfterTest(-pid);
  }

  failed(folder: string): void {
    this.told.push(`! ${folder}`);
  }

  ended(): void {
    this.told.push("-");
  }
}

/** What is needed to start the program at a path, in a run of its own. */
export async function startOf(path: string, more: Partial<ProviderStart> = {}) {
  const folder = await RunFolder.create(temporaryFolder());
  const watch = new Watched();
  const start = {
    source: SOURCE,
    path,
    cwd: "/",
    state: null,
    env: { PATH: process.env["PATH"] },
    folder,
    watch,
    ...more,
  };
  return { ...start, watch };
}

/** Starts a provider written in Node; see `fakeProvider`. */
export async function startFake(source: Parameters<typeof fakeProvider>[0] = {}, more: Partial<ProviderStart> = {}) {
  const start = await startOf(program(join(temporaryFolder(), "terraform-provider-cloud"), fakeProvider(source)), more);
  return { start, started: ProviderProcess.start(start) };
}

/** The guard of a run, by its folder. */
export function guardOf(folder: string): number | undefined {
  const lines = execFileSync("ps", ["-axww", "-o", "pid=,stat=,args="], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  // The script stands in front of its arguments, on the same line or on lines of their own.
  const end = lines.indexOf(`airlock-guard ${folder}`);
  if (end === -1) return undefined;
  const found = [...lines.slice(0, end).matchAll(/^ *([0-9]+) +([A-Z][^ ]*) +\/bin\/sh -c/gm)].pop();
  return found === undefined ? undefined : Number(found[1]);
}

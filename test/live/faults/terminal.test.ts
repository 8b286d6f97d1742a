import { execFileSync } from "node:child_process";
import { closeSync, openSync, writeSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { describeLive } from "../../support/live/describe.js";
import type { Running } from "../../support/live/process.js";
import type { Core } from "../../support/live/tools.js";
import type { Workspace } from "../../support/live/workspace.js";
import { jsGuest } from "./guests.js";
import { APPLY, called, chain, namesIn, nothingIsLeft, until } from "./moments.js";

/** What a terminal makes SIGINT of, for every process in its foreground. */
const CTRL_C = "\u0003";
const HANGS = `if (method === "plan-stage-start") for (;;); return { status: "success" };`;

/** `script` of util-linux runs a program at a terminal of its own; that of other systems takes other options. */
function hasScript(): boolean {
  try {
    return execFileSync("script", ["--version"], { encoding: "utf8" }).includes("util-linux");
  } catch {
    return false;
  }
}

interface AtTerminal extends Running {
  type(text: string): void;
}

/** Runs airlock at a terminal, which `type` types at. */
function atTerminal(space: Workspace, core: Core, args: readonly string[]): AtTerminal {
  const keys = join(space.temporary, "..", "keys");
  execFileSync("mkfifo", [keys]);
  const input = openSync(keys, "r+");
  onTestFinished(() => {
    closeSync(input);
  });
  const line = [process.execPath, resolve("dist/src/cli/main.js"), ...args, "--core", core.path].map(
    (part) => `'${part}'`,
  );
  const run = space.start("sh", ["-c", `exec script -qefc "$0" /dev/null <${keys}`, `exec ${line.join(" ")}`]);
  return {
    ...run,
    type: (text) => {
      writeSync(input, text);
    },
  };
}

describe.skipIf(!hasScript())("Ctrl-C at a terminal", async () => {
  await describeLive("of a run", (core) => {
    it("once, while core applies, ends it in order, and integrations judge to the end", async () => {
      const space = await chain(jsGuest());
      await space.init(core);
      const run = atTerminal(space, core, APPLY);
      await until(called(space, "create", "b"), run);
      run.type(CTRL_C);
      const { code, stdout } = await run.ended;
      expect(code).toBe(1);
      expect(stdout.split("Gracefully shutting down")).toHaveLength(2);
      expect(stdout).not.toContain("GUEST_");
      expect(stdout).not.toContain("Two interrupts");
      expect(namesIn(space)).toContain("a");
      expect(called(space, "create", "c")()).toBe(false);
      await nothingIsLeft(space);
    });

    it("is followed by nothing when the terminal is closed instead", async () => {
      const space = await chain(jsGuest());
      await space.init(core);
      const run = atTerminal(space, core, APPLY);
      await until(called(space, "create", "b"), run);
      // `script` holds the other side of the terminal.
      run.signal("SIGKILL");
      await run.ended;
      await nothingIsLeft(space, { isCoreCut: true });
      expect(called(space, "create", "c")()).toBe(false);
      await space.succeed(core, APPLY);
      expect(namesIn(space)).toEqual(["a", "b", "c"]);
    });

    it("while integrations judge a stage ends the run", async () => {
      const space = await chain(jsGuest({ on: HANGS, hooks: ["plan-stage-start"] }), 'timeout = "100s"');
      await space.init(core);
      const run = atTerminal(space, core, APPLY);
      await run.printed("integrations look at 1 event");
      run.type(CTRL_C);
      const { code, stdout } = await run.ended;
      expect(code).toBe(130);
      expect(stdout).toContain("interrupted");
      expect(space.calls()).toEqual([]);
      await nothingIsLeft(space);
    });

    it("at the question for approval ends it with core's words", async () => {
      const space = await chain(jsGuest());
      await space.init(core);
      const asked = atTerminal(space, core, ["apply", "-no-color"]);
      await asked.printed("Enter a value:");
      asked.type(CTRL_C);
      const { code, stdout } = await asked.ended;
      expect(code).toBe(1);
      expect(stdout).toContain("error asking for approval: interrupted");
      expect(called(space, "create")()).toBe(false);
      await nothingIsLeft(space);
    });
  });
});

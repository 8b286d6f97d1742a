import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { onTestFinished } from "vitest";
import type { Step } from "./document.js";

export const ROOT = join(import.meta.dirname, "../..");

/** What was done before the tests started, and must not be done again beside them. */
const DONE_ALREADY = new Set(["npm install", "npm run build"]);
const INSTEAD: Readonly<Record<string, string>> = { "npm run demo": "node integrations/demo.mjs" };

const GAP = "…";

/** A folder that looks like a clone after `npm install && npm run build`. */
function clone(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "airlock-docs-")));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  copyFileSync(join(ROOT, "package.json"), join(folder, "package.json"));
  for (const name of ["node_modules", "dist", "integrations", "guest-sdk"]) {
    symlinkSync(join(ROOT, name), join(folder, name));
  }
  return folder;
}

/** One script of all steps, so that `cd`, `alias` and `$?` mean what they mean to a reader. */
function scriptOf(steps: readonly Step[], folder: string): string {
  const lines = ["shopt -s expand_aliases", "exec 2>&1"];
  for (const [index, step] of steps.entries()) {
    if (step.kind === "file") {
      const content = join(folder, `.step-${index}`);
      writeFileSync(content, step.content);
      lines.push(`cp '${content}' '${step.path}'`);
    } else {
      const command = DONE_ALREADY.has(step.command) ? ":" : (INSTEAD[step.command] ?? step.command);
      lines.push(command, `status=$?; printf '\\n@@end %d@@\\n' ${index}; (exit $status)`);
    }
  }
  return `${lines.join("\n")}\n`;
}

/** What a reader has set in the shell: all that the tests have, but for what the tests themselves need. */
function ownEnvironment(): Record<string, string | undefined> {
  const inherited = Object.entries(process.env);
  return Object.fromEntries(inherited.filter(([name]) => !/^(?:VITEST|FORCE_COLOR|NODE_ENV|npm_)/i.test(name)));
}

/** Does what a page says in a fresh clone; gives for each step what it printed. */
export function follow(
  steps: readonly Step[],
  environment: Readonly<Record<string, string | undefined>> = ownEnvironment(),
): string[] {
  const folder = clone();
  const { stdout, error, signal } = spawnSync("bash", ["-c", scriptOf(steps, folder)], {
    cwd: folder,
    encoding: "utf8",
    env: { ...environment, NO_COLOR: "1", TERM: "dumb" },
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 240_000,
  });
  if (error !== undefined) throw error;
  if (signal !== null) throw new Error(`the steps were ended by ${signal}; they printed:\n${stdout}`);
  // Core colours what it prints, wherever that goes.
  const said = stripVTControlCharacters(stdout).replaceAll(folder, "/home/you/airlock");
  let rest = said;
  return steps.map((step, index) => {
    if (step.kind === "file") return "";
    const mark = `\n@@end ${index}@@\n`;
    const end = rest.indexOf(mark);
    if (end === -1) throw new Error(`"${step.command}" did not end; all that was printed:\n${said}`);
    const own = rest.slice(0, end);
    rest = rest.slice(end + mark.length);
    return own;
  });
}

/** Takes out of a line what differs from run to run. */
function masked(line: string): string {
  return (
    line
      .trimEnd()
      .replace(/\(p50 [\d.]+ m?s, p99 [\d.]+ m?s\)/, "(p50 TIME, p99 TIME)")
      .replace(/\b(?:OpenTofu|Terraform)\b/g, "CORE")
      .replace(/ in \d+(?:\.\d+)? m?s$/, " in TIME")
      .replace(/sha256:(?:[0-9a-f]{64}|…)/, "sha256:DIGEST")
      .replace(/(\(sensitive value [0-9+-]+):(?:[0-9a-f]{24}|…)\)/, "$1:DIGEST)")
      .replace(/replaced \d+ times/, "replaced N times")
      // The engine or the watchdog says it, whichever comes first.
      .replace(/it (?:did not finish within|was still working after) \d+ ms and/, "it did not finish and")
  );
}

/** Lines as they count: masked, without blank ones at the end, and without what npm says of the machine it is on. */
export function linesOf(text: string): string[] {
  const lines = text.split("\n").filter((line) => !line.startsWith("npm warn"));
  return lines.join("\n").trimEnd().split("\n").map(masked);
}

/**
 * The first shown line that was not printed in its place, or null when all were. A line `…` stands for any lines;
 * without one, what is shown is all that was printed.
 */
export function firstDifference(shown: readonly string[], printed: string): string | null {
  const actual = linesOf(printed);
  let at = 0;
  let isGap = false;
  for (const line of linesOf(shown.join("\n"))) {
    if (line === GAP) {
      isGap = true;
      continue;
    }
    const found = isGap ? actual.indexOf(line, at) : at;
    if (found === -1 || actual[found] !== line) return `shown: ${line}\nprinted:\n${actual.slice(at).join("\n")}`;
    at = found + 1;
    isGap = false;
  }
  return isGap || at >= actual.length ? null : `not shown: ${actual.slice(at).join("\n")}`;
}

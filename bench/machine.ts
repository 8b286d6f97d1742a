import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { packageRoot } from "./package-root.js";

/** What figures depend on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memory_bytes: number;
  readonly os: string;
  readonly node: string;
}

/** What was measured. */
export interface Subject {
  readonly name: string;
  readonly version: string;
  /** The git revision; null outside of a repository. */
  readonly revision: string | null;
  /** The working tree differs from the revision. */
  readonly modified: boolean;
}

const PackageSchema = v.object({ name: v.string(), version: v.string() });

/** This machine. */
export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memory_bytes: totalmem(),
    os: `${platform()} ${release()} ${arch()}`,
    node: process.version,
  };
}

/** This package, as it is checked out. */
export function describeSubject(): Subject {
  const root = packageRoot();
  const { name, version } = v.parse(PackageSchema, JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
  const revision = git(root, ["rev-parse", "HEAD"]);
  const modified = revision !== null && git(root, ["status", "--porcelain", "--untracked-files=no"]) !== "";
  return { name, version, revision, modified };
}

/** Load averages over 1, 5 and 15 minutes; zeros where the system has none. */
export function loadAverage(): readonly number[] {
  return loadavg();
}

function git(root: string, args: readonly string[]): string | null {
  try {
    return execFileSync("git", [...args], { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return null;
  }
}

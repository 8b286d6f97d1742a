import type { AttackClass } from "./attack.js";
import { runClass } from "./run-class.js";
import { ATTEST_FORMAT_VERSION } from "../report/attest-report.js";
import type { AttestClassReport, AttestReport } from "../report/attest-report.js";
import { HOST_VERSION } from "../runtime/version.js";

/** What `attest` runs, and who watches. */
export interface AttestOptions {
  readonly classes: readonly AttackClass[];
  /** Told before each class. */
  readonly progress?: (name: string, done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Makes all attacks of these classes on this machine, inside the walls and, for the controls, outside of them. Passes
 * only when every attack was held, every control showed that its attack works, and nobody was harmed.
 */
export async function attest({ classes, progress, signal }: AttestOptions): Promise<AttestReport> {
  const started = performance.now();
  const reports: AttestClassReport[] = [];
  for (const [at, one] of classes.entries()) {
    if (signal?.aborted === true) break;
    progress?.(one.name, at, classes.length);
    reports.push(await reportOf(one, signal));
  }
  return {
    format_version: ATTEST_FORMAT_VERSION,
    verdict: reports.length > 0 && reports.every(({ verdict }) => verdict === "pass") ? "pass" : "fail",
    version: HOST_VERSION,
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    classes: reports,
    duration_ms: Math.round(performance.now() - started),
  };
}

async function reportOf(one: AttackClass, signal: AbortSignal | undefined): Promise<AttestClassReport> {
  const { attacks, controls, harm } = await runClass(one, signal);
  const held = [...attacks, ...controls].every(({ why }) => why === null);
  return {
    name: one.name,
    tries: one.tries,
    verdict: held && harm.length === 0 ? "pass" : "fail",
    attacks: attacks.map(({ attack, form, code, why }) => ({ attack, form, ended: code, why })),
    controls: [...controls],
    harm: [...harm],
    beyond: one.beyond ?? null,
  };
}

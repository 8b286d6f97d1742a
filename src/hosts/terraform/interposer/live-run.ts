import type { Run } from "../../../protocol/events.js";
import type { Hook } from "../../../protocol/hooks.js";
import type { Audience } from "../../../runtime/types.js";
import type { SecretSet } from "../../sensitive/secret-set.js";
import type { RunMetadata } from "../metadata/run-metadata.js";
import type { AddressBook } from "../records/address-book.js";
import type { Diagnostic } from "../tfplugin/diagnostics.js";
import type { ObjectIds } from "../records/object-id.js";
import type { Claims } from "./claims.js";
import type { Joined } from "./joined.js";
import type { Judge } from "./judge.js";
import type { ProviderBlocks } from "./provider-blocks.js";

/**
 * What the core that runs now was started for. Core plans again while it applies, so a call alone does not tell what it
 * belongs to. `init`: a `validate` that nobody sees, for which no hook fires.
 */
export type Phase = "init" | "validate" | "plan" | "destroy-plan" | "apply" | "refresh" | "import" | "show";

/** What all sessions of one run of core share. */
export interface LiveRun {
  readonly run: Run;
  readonly phase: Phase;
  readonly judge: Judge;
  readonly book: AddressBook;
  readonly secrets: SecretSet;
  readonly ids: ObjectIds;
  readonly metadata: RunMetadata;
  readonly providers: ProviderBlocks;
  readonly joined: Joined;
  readonly claims: Claims;
  /** The folder that relative sources of integrations start from. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether the user asked core to replace the object at this address. */
  isForced(address: string): boolean;
  /** Why nothing more may be applied; null while all may go on. */
  readonly halt: Halt;
  /** A fault of ours that core was spared. */
  fault(error: unknown, where: string): void;
  /** What core will not print: it drops warnings of the second half of a replacement. */
  unshown(diagnostics: readonly Diagnostic[], id: string): void;
}

/** Whether applying goes on. Set once, by the first failure. */
export class Halt {
  #reason: string | null = null;

  /** null while all may go on. */
  reason(): string | null {
    return this.#reason;
  }

  set(reason: string): void {
    this.#reason ??= reason;
  }
}

/** Hooks of a resource for which its address must be found, and so an id be kept in the plan. */
export const TRACKED_HOOKS: readonly Hook[] = [
  "pre-plan-resource",
  "post-plan-resource",
  "pre-apply-resource",
  "post-apply-resource",
  "pre-refresh-resource",
  "post-refresh-resource",
];

/** Whether anyone of the audience listens to resources of this type. */
export function isTracked(run: LiveRun, type: string, audience: Audience): boolean {
  return TRACKED_HOOKS.some((hook) => run.judge.runtime.wants(hook, type, audience));
}

import type { AirlockEvent } from "../../../protocol/events.js";
import type { ResourceHook } from "../../../protocol/hooks.js";
import { WHOLE_PROJECT } from "../../../runtime/groups.js";
import type { Audience, EventOutcome } from "../../../runtime/types.js";
import type { Located } from "../records/address-book.js";
import type { ProviderSchema } from "../tfplugin/provider-schema.js";
import type { Diagnostic } from "../tfplugin/diagnostics.js";
import type { Block } from "../tfplugin/schema.js";
import type { LiveRun } from "./live-run.js";
import { toDiagnostics } from "./outcome-diagnostics.js";
import type { ProviderBlock } from "./provider-blocks.js";
import { learnSecrets } from "./schema-secrets.js";
import { resourceEvent } from "./subject.js";
import type { Subject } from "./subject.js";

/** What is known of one provider, whichever session it came from. Core may ask for the schema in one session only. */
export interface KnownProvider {
  /** Its source address, with host. */
  readonly source: string;
  schema: ProviderSchema | null;
}

/** The settings of each integration of a provider configuration, as core gave them. */
export type Settings = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** What an event came to, in the terms of a provider call. */
export interface Said {
  /** The call must not happen, or must not count as good. */
  readonly blocked: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

const NOTHING_SAID: Said = { blocked: false, diagnostics: [] };

/** One connection of core to a provider: one provider configuration in one walk of core. */
export class ProviderSession {
  audience: Audience = WHOLE_PROJECT;
  /** The alias of its configuration; undefined while it is not known. */
  alias: string | null | undefined = undefined;
  /** Configurations that look the same, of which it has one, and what all of them say to their integrations. */
  inDoubt: { readonly blocks: readonly ProviderBlock[]; readonly settings: Settings } | null = null;
  #settled: Promise<void> | null = null;
  /** What every event comes to once an integration of this configuration could not start. */
  #refusal: Said | null = null;

  constructor(
    readonly run: LiveRun,
    readonly provider: KnownProvider,
  ) {}

  wants(hook: ResourceHook, type: string): boolean {
    return this.run.judge.runtime.wants(hook, type, this.audience);
  }

  /** The form of a type. Throws `TfpluginError`; also when core asks before it has the schema, which it does not do. */
  blockOf(mode: "managed" | "data", type: string): Block {
    const { schema } = this.provider;
    if (schema === null) throw new Error(`no schema of ${this.provider.source} was seen`);
    return mode === "managed" ? schema.resource(type) : schema.dataSource(type);
  }

  /** Takes what the schema calls sensitive in a value that went by, so that no copy of it is shown. */
  learn(mode: "managed" | "data", type: string, value: Uint8Array | null): void {
    learnSecrets(value, this.blockOf(mode, type), this.run.secrets);
  }

  /** Puts one resource's event before all that want it. */
  async ask(hook: ResourceHook, subject: Subject, id: string | null): Promise<Said> {
    if (!this.wants(hook, subject.type)) return NOTHING_SAID;
    await this.#settle(subject.located);
    if (this.#refusal !== null) return this.#refusal;
    const event = resourceEvent(this.run, hook, { ...subject, alias: this.alias });
    const outcome = await this.run.judge.ask(event, this.audience, id);
    subject.attached?.take(outcome.results);
    return this.say(outcome, hook, subject.block);
  }

  /** The answer to an event, as core is to hear it. */
  say({ verdict, results }: EventOutcome, hook: AirlockEvent["hook"], block: Block | null): Said {
    const blocked = verdict === "fail" || verdict === "error";
    // With an error after an apply core would call an object tainted that is as it was planned.
    const diagnostics = toDiagnostics(results, block, hook === "post-apply-resource" ? "warning" : "error");
    if (blocked && this.run.phase === "apply") {
      const [first] = results.filter(({ status }) => status === "fail" || status === "error");
      this.run.halt.set(`${first?.integration ?? "an integration"} stopped the run in ${hook}`);
    }
    return { blocked, diagnostics };
  }

  /** The first resource whose provider configuration is known tells which one this session has. */
  async #settle({ alias }: Located): Promise<void> {
    if (this.alias === undefined && alias !== undefined) {
      this.alias = alias;
      this.#settled = this.#joinAs(alias);
    }
    await this.#settled;
  }

  async #joinAs(alias: string | null): Promise<void> {
    const block = this.inDoubt?.blocks.find((one) => one.alias === alias);
    if (block === undefined || this.inDoubt === null) return;
    const { provider, broken } = await this.run.joined.join(block, this.inDoubt.settings);
    this.run.judge.keep(broken);
    this.audience = { project: true, provider };
    if (broken.some(({ status }) => status === "error")) {
      this.#refusal = { blocked: true, diagnostics: toDiagnostics(broken, null) };
    }
  }
}

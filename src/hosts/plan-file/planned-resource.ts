import type { Action, Path, ResourceParams, ResourceView, Run } from "../../protocol/events.js";
import { redactConfig, redactMetadata, redactValue } from "../sensitive/redact.js";
import type { SecretSet } from "../sensitive/secret-set.js";
import type { Configurations, ResourceConfiguration } from "./configuration.js";
import type { ResourceChange } from "./plan-schema.js";

/** What integrations attached to a resource, by integration name. */
export type Metadata = ResourceView["metadata"];

/** What of a change is known when a hook fires: before it only the past, after it also what it comes to. */
export type Moment = "pre" | "post";

interface RedactedChange {
  readonly before: unknown;
  readonly after: unknown;
  readonly after_unknown: unknown;
  readonly config: unknown;
  readonly beforePaths: readonly Path[];
  readonly afterPaths: readonly Path[];
}

function union(paths: readonly Path[]): Path[] {
  if (paths.length < 2) {
    return [...paths];
  }
  return [...new Map(paths.map((path) => [JSON.stringify(path), path])).values()];
}

/** One change of a plan, as integrations may see it. Secrets are taken out once, when first asked for. */
export class PlannedResource {
  #redacted: RedactedChange | null = null;
  #found: ResourceConfiguration | null = null;

  constructor(
    readonly change: ResourceChange,
    readonly mode: "managed" | "data",
    readonly action: Action,
    private readonly configuration: Configurations,
    private readonly secrets: SecretSet,
  ) {}

  get address(): string {
    return this.change.address;
  }

  get type(): string {
    return this.change.type;
  }

  /** Whether there is a value after the change, if only in part. */
  get hasAfter(): boolean {
    return this.change.change.after !== null;
  }

  params(run: Run, moment: Moment, metadata: Metadata): ResourceParams {
    const view = this.#view(moment, metadata);
    return Object.assign(view, { run, config: this.#redact().config });
  }

  view(metadata: Metadata): ResourceView {
    return this.#view("post", metadata);
  }

  /** Written out name by name: spreads cost more here than all the rest of an event. */
  #view(moment: Moment, metadata: Metadata): ResourceView {
    const { type, name, index, module_address: module, provider_name: source } = this.change;
    const { before, after, after_unknown, beforePaths, afterPaths } = this.#redact();
    const isPost = moment === "post";
    return {
      address: this.address,
      mode: this.mode,
      type,
      name,
      index,
      module,
      provider: { source, alias: this.#configuration().alias },
      action: this.action,
      before,
      after: isPost ? after : null,
      after_unknown: isPost ? after_unknown : null,
      sensitive: union(isPost ? [...beforePaths, ...afterPaths] : beforePaths),
      metadata: redactMetadata(metadata, this.secrets, this.address),
    };
  }

  #configuration(): ResourceConfiguration {
    const { module_address: module, type, name } = this.change;
    return (this.#found ??= this.configuration.of({ module, mode: this.mode, type, name }));
  }

  #redact(): RedactedChange {
    return (this.#redacted ??= this.#redactNow());
  }

  #redactNow(): RedactedChange {
    const { change } = this.change;
    const before = redactValue(change.before, change.before_sensitive, this.secrets, this.address);
    const after = redactValue(change.after, change.after_sensitive, this.secrets, this.address);
    // Only `true` stands in `after_unknown`, but keys of maps do too.
    const unknown = redactValue(change.after_unknown, false, this.secrets, this.address);
    const { block } = this.#configuration();
    const marks = [change.before_sensitive, change.after_sensitive];
    return {
      before: before.value,
      after: after.value,
      after_unknown: unknown.value,
      config: block === null ? null : redactConfig(block, marks, this.secrets, this.address),
      beforePaths: before.paths,
      afterPaths: after.paths,
    };
  }
}

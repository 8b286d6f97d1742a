import type { Action, AirlockEvent, ResourceParams, ResourceView, Run } from "../../protocol/events.js";
import type { ResourceHook } from "../../protocol/hooks.js";
import { redactMetadata } from "../sensitive/redact.js";
import type { SecretSet } from "../sensitive/secret-set.js";
import type { BlockText } from "./configuration-text.js";
import type { Metadata, Moment, PlannedResource } from "./planned-resource.js";
import type { ResourceChange } from "./plan-schema.js";

/** One resource of a plan, ready to be told of. */
export interface OpenResource {
  readonly address: string;
  event(hook: ResourceHook, run: Run, moment: Moment, metadata: Metadata): AirlockEvent;
  view(metadata: Metadata): ResourceView;
  /** JSON of `view`. */
  viewText(metadata: Metadata): string;
}

/** A resource whose values were made and looked through. */
export class WholeResource implements OpenResource {
  constructor(private readonly resource: PlannedResource) {}

  get address(): string {
    return this.resource.address;
  }

  event(hook: ResourceHook, run: Run, moment: Moment, metadata: Metadata): AirlockEvent {
    return { hook, params: this.resource.params(run, moment, metadata) };
  }

  view(metadata: Metadata): ResourceView {
    return this.resource.view(metadata);
  }

  viewText(metadata: Metadata): string {
    return JSON.stringify(this.view(metadata));
  }
}

/** The values of a change as JSON text. */
export interface ValueTexts {
  readonly before: string;
  readonly after: string;
  readonly after_unknown: string;
}

/** What a `TextResource` is made of; no secret is in its text. */
interface ResourceTexts extends ValueTexts {
  /** Its values are left out. */
  readonly head: ResourceChange;
  readonly mode: "managed" | "data";
  readonly action: Action;
  readonly configuration: BlockText;
  readonly config: string;
  readonly secrets: SecretSet;
}

/** A resource without a secret, whose values go into events as the text that they are in the plan. */
export class TextResource implements OpenResource {
  constructor(private readonly texts: ResourceTexts) {}

  get address(): string {
    return this.texts.head.address;
  }

  event(hook: ResourceHook, run: Run, moment: Moment, metadata: Metadata): AirlockEvent {
    const shown = this.#metadata(metadata);
    return {
      hook,
      params: this.#params(run, moment, shown),
      text: () => `${this.#text(moment, shown)},"run":${JSON.stringify(run)},"config":${this.texts.config}}`,
    };
  }

  view(metadata: Metadata): ResourceView {
    return JSON.parse(this.viewText(metadata)) as ResourceView;
  }

  viewText(metadata: Metadata): string {
    return `${this.#text("post", this.#metadata(metadata))}}`;
  }

  #metadata(metadata: Metadata): Metadata {
    return redactMetadata(metadata, this.texts.secrets, this.address);
  }

  /** Values are made when somebody looks at them; mostly nobody does. */
  #params(run: Run, moment: Moment, metadata: Metadata): ResourceParams {
    const { head, mode, action, before, after, after_unknown, configuration } = this.texts;
    const isPost = moment === "post";
    return {
      address: head.address,
      mode,
      type: head.type,
      name: head.name,
      index: head.index,
      module: head.module_address,
      provider: { source: head.provider_name, alias: configuration.alias },
      action,
      get before() {
        return JSON.parse(before) as unknown;
      },
      get after() {
        return isPost ? (JSON.parse(after) as unknown) : null;
      },
      get after_unknown() {
        return isPost ? (JSON.parse(after_unknown) as unknown) : null;
      },
      sensitive: [],
      metadata,
      run,
      get config() {
        return configuration.block();
      },
    };
  }

  /** JSON of the view without its closing brace. */
  #text(moment: Moment, metadata: Metadata): string {
    const { head, mode, action, before, after, after_unknown, configuration } = this.texts;
    const isPost = moment === "post";
    const named = JSON.stringify({
      address: head.address,
      mode,
      type: head.type,
      name: head.name,
      index: head.index,
      module: head.module_address,
      provider: { source: head.provider_name, alias: configuration.alias },
      action,
      sensitive: [],
      metadata,
    });
    const values = `"before":${before},"after":${isPost ? after : "null"},"after_unknown":${isPost ? after_unknown : "null"}`;
    return `${named.slice(0, -1)},${values}`;
  }
}

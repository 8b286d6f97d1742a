import * as v from "valibot";
import { toAction } from "./actions.js";
import { ConfigurationPlaces } from "./configuration-places.js";
import type { JsonReader } from "./json-reader.js";
import { checkKind, invalidPlan } from "./plan-kind.js";
import { collectSecrets } from "./plan-secrets.js";
import type { PlanContents } from "./plan-contents.js";
import { ConfigResourceSchema, PlanSchema } from "./plan-schema.js";
import { VALUES } from "./places.js";
import type { Places } from "./places.js";
import { collectChange, collectState, isThere, placedTexts, takeChange, takeStateResource } from "./resource-text.js";

/** Others have a turn each time so many bytes were gone through. */
const PAUSE_EVERY = 1024 * 1024;

/** What of an object of the state stands for the values of a change: it is what it will be. */
const STATE_TEXTS = [null, "values", null] as const;

/** What goes through one value, and gives what the rest of the document is checked with: lists of resources are left out of it. */
type Part = Generator<undefined, unknown, undefined>;

/**
 * Goes once through a plan: checks all of it, takes its secrets, and notes in `contents` where each resource stands. Stops now and then for others. Throws `PlanError`.
 */
export class PlanScan {
  #pauseAt = PAUSE_EVERY;
  #fault: { readonly path: string; readonly issue: v.BaseIssue<unknown> } | undefined;

  constructor(
    private readonly reader: JsonReader,
    private readonly contents: PlanContents,
  ) {}

  *run(): Generator<undefined, void, undefined> {
    const { contents, reader } = this;
    const { name } = contents;
    const document = yield* this.#object({
      format_version: () => this.#value(),
      terraform_version: () => this.#value(),
      errored: () => this.#value(),
      variables: () => this.#value(),
      output_changes: () => this.#value(),
      planned_values: () => this.#values("planned_values", false),
      prior_state: () => this.#object({ values: () => this.#values("prior_state.values", true) }),
      resource_drift: () => this.#changes("resource_drift", contents.drift),
      resource_changes: () => this.#changes("resource_changes", contents.changes),
      configuration: () =>
        this.#object({
          provider_config: () => this.#value(),
          root_module: () => this.#configModule("configuration.root_module", []),
        }),
    });
    if (!reader.isAtEnd()) reader.fail();
    checkKind(document, name);
    if (this.#fault !== undefined) throw invalidPlan(name, this.#fault.issue, this.#fault.path);
    const parsed = v.safeParse(PlanSchema, document, { abortEarly: true });
    if (!parsed.success) throw invalidPlan(name, parsed.issues[0]);
    collectSecrets(parsed.output, contents.secrets);
    contents.finish(parsed.output);
  }

  /** The members of an object that are known, each as its part gives it; of others only that they are there. */
  *#object(parts: Readonly<Record<string, () => Part>>): Part {
    if (this.reader.kind() !== "object") return yield* this.#value();
    const entries: [string, unknown][] = [];
    for (const name of this.reader.members()) {
      const part = Object.hasOwn(parts, name) ? parts[name] : undefined;
      if (part !== undefined) entries.push([name, yield* part()]);
      else {
        this.reader.skip();
        entries.push([name, undefined]);
      }
      if (this.#isDue()) yield;
    }
    // `fromEntries` defines own properties, so a key `__proto__` stays an ordinary key.
    return Object.fromEntries(entries);
  }

  /** The members of an object whose names are the user's. */
  *#named(part: (name: string) => Part): Part {
    if (this.reader.kind() !== "object") return yield* this.#value();
    const entries: [string, unknown][] = [];
    for (const name of this.reader.members()) entries.push([name, yield* part(name)]);
    return Object.fromEntries(entries);
  }

  *#list(part: (index: number) => Part): Part {
    if (this.reader.kind() !== "list") return yield* this.#value();
    const items: unknown[] = [];
    for (const index of this.reader.elements()) items.push(yield* part(index));
    return items;
  }

  /** A list whose items are taken one by one, and not kept. */
  *#items(take: (index: number) => void): Part {
    if (this.reader.kind() !== "list") return yield* this.#value();
    for (const index of this.reader.elements()) {
      take(index);
      if (this.#isDue()) yield;
    }
    return [];
  }

  *#value(): Part {
    this.reader.value();
    return this.reader.parsed();
  }

  #changes(path: string, places: Places): Part {
    return this.#items((index) => {
      const { head, spans, place } = takeChange(this.reader);
      if (!head.success) {
        this.#fail(`${path}.${index}`, head.issues[0]);
        return;
      }
      const change = head.output;
      collectChange(this.reader, change, spans, this.contents.secrets);
      const hasAfter = isThere(this.reader, spans, "after", change.change.after);
      const texts = placedTexts(this.reader, spans, VALUES);
      this.contents.addChange({ change, action: toAction(change.change.actions), place, hasAfter, texts }, places);
    });
  }

  *#values(path: string, isState: boolean): Part {
    return yield* this.#object({
      outputs: () => this.#value(),
      root_module: () => this.#module(`${path}.root_module`, isState),
    });
  }

  *#module(path: string, isState: boolean): Part {
    const { contents, reader } = this;
    const module = contents.addModule();
    const skeleton = yield* this.#object({
      address: () => this.#value(),
      resources: () =>
        this.#items((index) => {
          const { head, spans, place } = takeStateResource(reader);
          if (!head.success) {
            this.#fail(`${path}.resources.${index}`, head.issues[0]);
            return;
          }
          collectState(reader, head.output, spans, contents.secrets);
          const hasAfter = isThere(reader, spans, "values", head.output.values);
          if (!isState) return;
          const texts = placedTexts(reader, spans, STATE_TEXTS);
          contents.addState({ resource: head.output, place, module, hasAfter, texts });
        }),
      child_modules: () => this.#list((index) => this.#module(`${path}.child_modules.${index}`, isState)),
    });
    contents.nameModule(module, skeleton);
    return skeleton;
  }

  *#configModule(path: string, names: readonly string[]): Part {
    const { configuration } = this.contents;
    return yield* this.#object({
      variables: () => this.#value(),
      outputs: () => this.#value(),
      resources: () =>
        this.#items((index) => {
          const { start } = this.reader.value();
          const block = v.safeParse(ConfigResourceSchema, ConfigurationPlaces.headOf(this.reader));
          if (block.success) configuration.add(names, block.output.address, start);
          else this.#fail(`${path}.resources.${index}`, block.issues[0]);
        }),
      module_calls: () =>
        this.#named((name) =>
          this.#object({
            expressions: () => this.#value(),
            module: () => this.#configModule(`${path}.module_calls.${name}.module`, [...names, name]),
          }),
        ),
    });
  }

  /** The first fault; it is told when the whole is known to be JSON, and that of a plan. */
  #fail(path: string, issue: v.BaseIssue<unknown>): void {
    this.#fault ??= { path, issue };
  }

  #isDue(): boolean {
    if (this.reader.position < this.#pauseAt) return false;
    this.#pauseAt = this.reader.position + PAUSE_EVERY;
    return true;
  }
}

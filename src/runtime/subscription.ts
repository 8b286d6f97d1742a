import type { IntegrationDeclaration } from "../declare/declaration.js";
import type { AirlockEvent } from "../protocol/events.js";
import { isResourceEvent } from "../protocol/events.js";
import type { Hook } from "../protocol/hooks.js";
import type { InitializeResult } from "../protocol/initialize.js";
import { matchesGlob } from "../base/glob.js";

/** Types come from a plan, so what is remembered of them is bounded. */
const REMEMBERED_TYPES = 10_000;

/** Which events one integration gets: what it asked for, narrowed by what its declaration allows. */
export class Subscription {
  readonly #hooks: ReadonlySet<Hook>;
  readonly #globs: readonly (readonly string[])[];
  readonly #types = new Map<string, boolean>();

  constructor(declaration: IntegrationDeclaration, asked: InitializeResult) {
    const allowed = declaration.hooks;
    this.#hooks = new Set(allowed === undefined ? asked.hooks : asked.hooks.filter((hook) => allowed.includes(hook)));
    this.#globs = [declaration.resources, asked.resource_types].filter((globs) => globs !== undefined);
  }

  /** Without a type: whether any event of this hook could be wanted. */
  wants(hook: Hook, type?: string): boolean {
    return this.#hooks.has(hook) && (type === undefined || this.#wantsType(type));
  }

  wantsEvent(event: AirlockEvent): boolean {
    return this.wants(event.hook, isResourceEvent(event) ? event.params.type : undefined);
  }

  #wantsType(type: string): boolean {
    if (this.#globs.length === 0) return true;
    const known = this.#types.get(type);
    if (known !== undefined) return known;
    const wanted = this.#globs.every((globs) => globs.some((glob) => matchesGlob(glob, type)));
    if (this.#types.size >= REMEMBERED_TYPES) this.#types.clear();
    this.#types.set(type, wanted);
    return wanted;
  }
}

import type { AirlockEvent } from "../../../protocol/events.js";
import type { Hook } from "../../../protocol/hooks.js";
import { graver, reduceResults } from "../../../runtime/reduce.js";
import { canonicalJson } from "../../../base/canonical-json.js";
import { MetadataStore } from "../../plan-file/metadata-store.js";
import type { Metadata } from "../../plan-file/planned-resource.js";
import type { Audience, EventOutcome, IntegrationResult, Runtime, RunVerdict } from "../../../runtime/types.js";

/** A result, and the id of the object that it is about where the address may become known later. */
interface Kept {
  readonly result: IntegrationResult;
  readonly id: string | null;
}

/** Puts events before the integrations of a run and keeps what they say. */
export class Judge {
  readonly #runtime: Runtime;
  #kept: Kept[] = [];
  readonly #metadata = new MetadataStore();
  #verdict: RunVerdict = "pass";
  readonly #asked = new Set<string>();
  readonly #unmarked = new Map<string, number>();
  #busy = 0;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  get runtime(): Runtime {
    return this.#runtime;
  }

  /** The gravest of all so far. */
  get verdict(): RunVerdict {
    return this.#verdict;
  }

  /** Every answer so far, in the order of their events' ends. */
  get results(): readonly IntegrationResult[] {
    return this.#kept.map(({ result }) => result);
  }

  /** Whether results are about objects whose addresses are not known yet. */
  get isInDoubt(): boolean {
    return this.#kept.some(({ result, id }) => id !== null && result.address === null);
  }

  /** Events that integrations are working on now. */
  get busy(): number {
    return this.#busy;
  }

  /** Asks all of the audience that want the event. `id` is that of its object, where one was given. */
  async ask(event: AirlockEvent, audience: Audience, id: string | null = null): Promise<EventOutcome> {
    if (id !== null) this.#asked.add(`${event.hook} ${id}`);
    this.#busy += 1;
    try {
      const outcome = await this.#runtime.dispatch(event, audience);
      this.keep(outcome.results, id);
      return outcome;
    } finally {
      this.#busy -= 1;
    }
  }

  /** A call was not put before those who wanted it, for a fault of ours or of its form: no run is good after that. */
  noteUnjudged(): void {
    this.#verdict = graver(this.#verdict, "error");
  }

  /** Whether this hook was fired for the object that has this id. */
  hasAsked(hook: Hook, id: string): boolean {
    return this.#asked.has(`${hook} ${id}`);
  }

  /** Notes that an object was judged whose private bytes take no id: only its value will tell that it was. */
  noteUnmarked(type: string, planned: unknown): void {
    const key = canonicalJson([type, planned]);
    this.#unmarked.set(key, (this.#unmarked.get(key) ?? 0) + 1);
  }

  /** Whether an object of this value was noted; each note counts once. */
  takeUnmarked(type: string, planned: unknown): boolean {
    const key = canonicalJson([type, planned]);
    const count = this.#unmarked.get(key) ?? 0;
    if (count > 0) this.#unmarked.set(key, count - 1);
    return count > 0;
  }

  /** Takes results that came without an event of ours: of starts, joins and stops. */
  keep(results: readonly IntegrationResult[], id: string | null = null): void {
    for (const result of results) {
      this.#kept.push({ result, id });
      this.#metadata.take(result);
    }
    this.#verdict = graver(this.#verdict, reduceResults(results));
  }

  /** What integrations attached to a resource in this run. */
  metadataOf(address: string): Metadata {
    return this.#metadata.of(address);
  }

  /** Gives results their exact addresses, as soon as those are known. Where `addressOf` knows none, all stays. */
  rekey(addressOf: (id: string) => string | undefined): void {
    this.#kept = this.#kept.map(({ result, id }) => {
      const address = id === null ? undefined : addressOf(id);
      return address === undefined ? { result, id } : { result: { ...result, address }, id };
    });
  }
}

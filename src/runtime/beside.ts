import { canonicalJson } from "../base/canonical-json.js";
import type { IntegrationDeclarationInput } from "../declare/declaration.js";
import type { AirlockEvent } from "../protocol/events.js";
import type { Hook } from "../protocol/hooks.js";
import { WHOLE_PROJECT } from "./groups.js";
import type { Audience, EventOutcome, IntegrationResult, Runtime, SecretKeeper } from "./types.js";

/** Events that a candidate may be behind the run; what comes then is not compared. */
const MAX_BEHIND = 1_000;
/** Differences that are kept. */
const MAX_DIFFERENCES = 1_000;
/** How long the end of a run waits for a candidate that is behind, in ms. */
const CATCH_UP_MS = 10_000;

/** An event over which two versions of an integration differ. A side is null where that version had nothing to say. */
export interface Difference {
  readonly hook: string;
  readonly address: string | null;
  readonly provider: string | null;
  readonly current: IntegrationResult | null;
  readonly candidate: IntegrationResult | null;
}

/** What came of running a candidate beside the current version. */
export interface Comparison {
  /** Events that one of the two answered. */
  readonly compared: number;
  /** Events that the candidate was too slow for. */
  readonly missed: number;
  /** How many differ; the first 1,000 are in `differences`. */
  readonly differing: number;
  readonly differences: readonly Difference[];
}

/** What runs beside a run. */
export interface Candidate {
  /** The declared name of the integration. */
  readonly name: string;
  /** A runtime of its own, with the candidate in it where that is one of the project. */
  readonly runtime: Runtime;
  /** The candidate in the place of a declaration under a provider. */
  readonly declaration: (current: IntegrationDeclarationInput) => IntegrationDeclarationInput;
}

/**
 * A runtime that puts every event before a candidate, too. The run is the current one's: nothing waits for the candidate,
 * and its verdicts, metadata and faults only come into the comparison.
 */
export class BesideRuntime implements Runtime {
  readonly #main: Runtime;
  readonly #candidate: Candidate;
  readonly #behind = new Set<Promise<void>>();
  readonly #differences: Difference[] = [];
  #compared = 0;
  #differing = 0;
  #missed = 0;

  constructor(main: Runtime, candidate: Candidate) {
    this.#main = main;
    this.#candidate = candidate;
  }

  get comparison(): Comparison {
    return {
      compared: this.#compared,
      missed: this.#missed,
      differing: this.#differing,
      differences: this.#differences,
    };
  }

  async start(): Promise<readonly IntegrationResult[]> {
    const [results] = await Promise.all([this.#main.start(), this.#keep(this.#candidate.runtime.start())]);
    return results;
  }

  async join(
    provider: string,
    declarations: readonly IntegrationDeclarationInput[],
  ): Promise<readonly IntegrationResult[]> {
    const { name, declaration, runtime } = this.#candidate;
    const own = declarations.filter((one) => one.name === name).map(declaration);
    const [results] = await Promise.all([
      this.#main.join(provider, declarations),
      this.#keep(runtime.join(provider, own)),
    ]);
    return results;
  }

  dispatch(event: AirlockEvent, audience: Audience = WHOLE_PROJECT): Promise<EventOutcome> {
    const outcome = this.#main.dispatch(event, audience);
    this.#put(event, audience, outcome);
    return outcome;
  }

  async *stream(events: Iterable<AirlockEvent> | AsyncIterable<AirlockEvent>): AsyncIterable<EventOutcome> {
    for await (const outcome of this.#main.stream(events)) {
      this.#put(outcome.event, WHOLE_PROJECT, Promise.resolve(outcome));
      yield outcome;
    }
  }

  wants(hook: Hook, resourceType?: string, audience?: Audience): boolean {
    const { runtime } = this.#candidate;
    return this.#main.wants(hook, resourceType, audience) || runtime.wants(hook, resourceType, audience);
  }

  keep(secrets: SecretKeeper): void {
    this.#main.keep(secrets);
    this.#candidate.runtime.keep(secrets);
  }

  report(): ReturnType<Runtime["report"]> {
    return this.#main.report();
  }

  async stop(): Promise<readonly IntegrationResult[]> {
    const results = await this.#main.stop();
    const waiting = this.#behind.size;
    let timer: NodeJS.Timeout | undefined;
    const enough = new Promise((resolve) => (timer = setTimeout(resolve, waiting === 0 ? 0 : CATCH_UP_MS)));
    await Promise.race([Promise.all(this.#behind), enough]);
    clearTimeout(timer);
    this.#missed += this.#behind.size;
    // What ends now is no answer of the candidate.
    this.#behind.clear();
    await this.#candidate.runtime.stop().catch(() => []);
    return results;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #put(event: AirlockEvent, audience: Audience, current: Promise<EventOutcome>): void {
    if (this.#behind.size >= MAX_BEHIND) {
      this.#missed += 1;
      return;
    }
    const compared = this.#compare(event, audience, current).finally(() => this.#behind.delete(compared));
    this.#behind.add(compared);
  }

  async #compare(event: AirlockEvent, audience: Audience, current: Promise<EventOutcome>): Promise<void> {
    try {
      const other = this.#candidate.runtime.dispatch(event, audience);
      const [now, then] = await Promise.all([current, other]);
      const [before, after] = [now, then].map(({ results }) => results.find((one) => this.#isMeant(one)) ?? null);
      if (before === null && after === null) return;
      this.#compared += 1;
      if (before !== null && after !== null && verdictText(before ?? null) === verdictText(after ?? null)) return;
      const place = before ?? after;
      this.#note({
        hook: event.hook,
        address: place?.address ?? null,
        provider: place?.provider ?? null,
        current: before ?? null,
        candidate: after ?? null,
      });
    } catch {
      // The run is over, or its own fault is told where it arose.
      this.#missed += 1;
    }
  }

  /** A candidate that cannot start says so once. */
  async #keep(starting: Promise<readonly IntegrationResult[]>): Promise<void> {
    try {
      for (const result of await starting) {
        this.#note({ hook: result.hook, address: null, provider: result.provider, current: null, candidate: result });
      }
    } catch {
      // What is wrong with its declaration is wrong with the current one's, which tells it.
      this.#missed += 1;
    }
  }

  #note(difference: Difference): void {
    this.#differing += 1;
    if (this.#differences.length < MAX_DIFFERENCES) this.#differences.push(difference);
  }

  #isMeant({ integration }: IntegrationResult): boolean {
    return integration === this.#candidate.name;
  }
}

/** What counts of a verdict: all that it says, and not how long it took. */
function verdictText(result: IntegrationResult | null): string {
  if (result === null) return "";
  const { status, message, findings, metadata = null, error } = result;
  return canonicalJson({ status, message, findings, metadata, error: error?.code ?? null });
}

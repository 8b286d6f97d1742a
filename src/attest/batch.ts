import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { errorCode } from "../base/error-code.js";
import type { LogRecord } from "../protocol/messages.js";
import { createRuntime } from "../runtime/runtime.js";
import type { IntegrationResult, Runtime, RuntimeNotice } from "../runtime/types.js";
import type { Attack, Observation } from "./attack.js";
import { attackEvent, NEIGHBOUR } from "./event.js";
import type { Form } from "./guests/form.js";
import { NEIGHBOUR_SOURCE } from "./neighbour.js";
import type { Scene } from "./scene.js";

/** An honest start on a busy machine, in ms. */
const START_MS = 30_000;
/** An attack that is to be answered is given so long, in ms. */
const CALL_MS = 20_000;
const CountSchema = v.pipe(v.string(), v.parseJson(), v.tuple([v.number(), v.unknown()]));

/** One attack in one form. */
export interface Attempt {
  readonly attack: Attack;
  readonly form: Form;
}

/** What came of several attacks that were made at once, in one sandbox, beside one neighbour. */
export interface BatchOutcome {
  /** One for each attempt, in their order. */
  readonly seen: readonly Observation[];
  /** What befell those that had no part in it; empty as long as every wall holds. */
  readonly harm: readonly string[];
}

/** Lets these guests attack at once, inside all walls. */
export async function runBatch(
  attempts: readonly Attempt[],
  scene: Scene,
  neighbourAfter: boolean,
): Promise<BatchOutcome> {
  return new Batch(attempts, scene, neighbourAfter).run();
}

class Batch {
  readonly #attempts: readonly Attempt[];
  readonly #scene: Scene;
  readonly #after: boolean;
  readonly #results = new Map<string, IntegrationResult>();
  readonly #logs = new Map<string, LogRecord[]>();
  readonly #counts: number[] = [];
  readonly #attached = new Map<string, string>();
  readonly #harm: string[] = [];

  constructor(attempts: readonly Attempt[], scene: Scene, neighbourAfter: boolean) {
    this.#attempts = attempts;
    this.#scene = scene;
    this.#after = neighbourAfter;
  }

  async run(): Promise<BatchOutcome> {
    const declared = this.#attempts.map(({ attack, form }, at) => this.#declare(attack, form, at));
    try {
      const runtime = createRuntime({ integrations: [...declared, this.#neighbour()], observer: this.#observe });
      await this.#attack(runtime);
    } catch (error) {
      // The runtime promises that no guest makes it reject; a declaration that it refuses is what some attacks are about.
      this.#harm.push(`the runtime itself threw ${errorCode(error) ?? "an error without a code"}: ${String(error)}`);
    }
    return { seen: this.#attempts.map((_, at) => this.#observation(nameOf(at))), harm: this.#harm };
  }

  #declare(attack: Attack, form: Form, at: number) {
    const folder = this.#scene.guestFolder();
    const { config, ...declared } = attack.declared ?? {};
    return {
      name: nameOf(at),
      directory: folder,
      resources: [this.#typeOf(at)],
      timeoutMs: CALL_MS,
      initializeTimeoutMs: START_MS,
      // What is shown must hold on every machine, so without the isolation that only some have.
      ...(form === "executable" && { isolation: attack.isolated === true ? ("required" as const) : ("none" as const) }),
      ...declared,
      config: { ...this.#scene.config, ...config },
      source: attack.guests[form]?.({ folder, scene: this.#scene }) ?? "",
    };
  }

  #neighbour() {
    const directory = this.#scene.guestFolder();
    writeFileSync(join(directory, "neighbour.mjs"), NEIGHBOUR_SOURCE);
    return {
      name: NEIGHBOUR,
      directory,
      source: "./neighbour.mjs",
      timeoutMs: START_MS,
      initializeTimeoutMs: START_MS,
      ...(this.#after && { after: this.#attempts.map((_, at) => nameOf(at)) }),
    };
  }

  async #attack(runtime: Runtime): Promise<void> {
    try {
      for (const broken of await runtime.start()) this.#take(broken);
      const attackers = this.#attempts.map((_, at) => at).filter((at) => !this.#results.has(nameOf(at)));
      await Promise.all(attackers.map((at) => this.#event(runtime, this.#typeOf(at))));
      // Whatever happened, the host goes on.
      await this.#event(runtime, "nothing");
    } finally {
      for (const broken of await runtime.stop()) this.#take(broken);
    }
    this.#lookAtNeighbour(runtime);
  }

  async #event(runtime: Runtime, type: string): Promise<void> {
    const { results } = await runtime.dispatch(attackEvent(type));
    const [neighbour] = results.filter(({ integration }) => integration === NEIGHBOUR);
    for (const result of results) if (result !== neighbour) this.#results.set(result.integration, result);
    const attackers = results.filter((result) => result !== neighbour).map(({ integration }) => integration);
    if (neighbour === undefined) this.#harm.push("the neighbour was not asked");
    else this.#takeNeighbour(neighbour, attackers);
  }

  #typeOf(at: number): string {
    return nameOf(at) + (this.#attempts[at]?.attack.typeSuffix ?? "");
  }

  /** What broke at the start or at the end. An answer that came before stands beside it. */
  #take(result: IntegrationResult): void {
    if (result.integration === NEIGHBOUR) this.#harm.push(`the neighbour broke at ${result.hook}: ${result.message}`);
    else this.#results.set(result.integration, result);
  }

  #takeNeighbour(result: IntegrationResult, attackers: readonly string[]): void {
    const said = v.safeParse(CountSchema, result.message);
    if (!said.success || result.error !== null) {
      this.#harm.push(`the neighbour did not answer: ${result.error?.code ?? result.message}`);
      return;
    }
    const [count, attached] = said.output;
    this.#counts.push(count);
    for (const attacker of attackers) this.#attached.set(attacker, JSON.stringify(attached));
  }

  #lookAtNeighbour(runtime: Runtime): void {
    const counted = [...this.#counts].sort((one, other) => one - other);
    if (counted.some((count, at) => count !== at + 1)) {
      this.#harm.push(`the neighbour lost its state: it counted ${counted.join()}`);
    }
    const report = runtime.report().find(({ name }) => name === NEIGHBOUR);
    if (report?.restarts !== 0 || report.failures !== 0) this.#harm.push("the neighbour had to be started again");
  }

  #observation(name: string): Observation {
    const result = this.#results.get(name) ?? null;
    return {
      code: result?.error?.code ?? null,
      message: result?.error?.message ?? result?.message ?? "it was never asked",
      result,
      logs: this.#logs.get(name) ?? [],
      attached: this.#attached.get(name) ?? null,
      scene: this.#scene,
    };
  }

  readonly #observe = (notice: RuntimeNotice): void => {
    if (notice.type === "sandbox-restarted") this.#harm.push("the sandbox host died");
    if (notice.type !== "log") return;
    const logs = this.#logs.get(notice.integration) ?? [];
    logs.push(notice.record);
    this.#logs.set(notice.integration, logs);
  };
}

function nameOf(at: number): string {
  return `attack_${at}`;
}

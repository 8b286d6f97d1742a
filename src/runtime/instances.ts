import type { InitializeResult } from "../protocol/initialize.js";
import type { CircuitState } from "./circuit.js";
import type { Instance } from "./instance.js";
import type { Turn } from "./turn.js";

/** With this many calls in front of each instance, a further one is worth its start … */
const WORTH_WAITING = 4;
/** … if a call takes the guest this long, in us. A quicker guest is not what the run waits for: the host itself is. */
const WORTH_CALL_US = 250;

/** Best first. */
const STATES: readonly CircuitState[] = ["closed", "half-open", "open"];

/** What `Instances` works with. */
export interface InstancesOptions {
  /** Makes the instance of this number, not started yet; it calls `idle` when nothing is left to do for it. */
  readonly make: (index: number, idle: () => void) => Instance;
  readonly started: (index: number, elapsedMs: number) => void;
  /** A further instance could not be started; those that run go on. */
  readonly failed: (index: number, error: unknown) => void;
}

/**
 * The instances of one integration: exactly one, or, once it said that it is stateless, up to `allow` of them. Further
 * ones open while events wait for a guest that takes its time, so a small run pays for one; an idle one takes over from the busiest.
 */
export class Instances {
  readonly #options: InstancesOptions;
  readonly #all: Instance[] = [];
  readonly #running: Instance[] = [];
  #allowed = 1;
  #opening = false;

  constructor(options: InstancesOptions) {
    this.#options = options;
  }

  /** Starts the first. Rejects with what keeps it from starting. */
  start(): Promise<InitializeResult> {
    return this.#open();
  }

  /** How many there may be from now on. */
  allow(count: number): void {
    this.#allowed = count;
  }

  /** A place in the line of the least busy one. */
  turn(): Turn {
    const [first] = this.#running;
    if (first === undefined) throw new Error("an integration that has not started wants no event");
    return (leastBusy(this.#running) ?? first).turn();
  }

  /** Opens one more if it is allowed and worth it; `callUs` is what a call takes the guest, in us. */
  grow(callUs: number): void {
    if (this.#opening || this.#all.length >= this.#allowed || callUs < WORTH_CALL_US) return;
    const load = leastBusy(this.#running)?.load ?? 0;
    if (load >= WORTH_WAITING) void this.#openOneMore();
  }

  /** Asks those that are idle whether they are there. */
  look(): void {
    for (const instance of this.#running) instance.look();
  }

  /** `closed` as long as one of them takes calls. */
  get circuit(): CircuitState {
    const states = this.#running.map(({ circuit }) => circuit);
    return STATES.find((state) => states.includes(state)) ?? "closed";
  }

  /** Stops all of them, also one that is still starting. Rejects with what the first that broke over it did wrong. */
  async stop(): Promise<void> {
    this.#allowed = 0;
    const ended = await Promise.allSettled(this.#all.map((instance) => instance.stop()));
    const failed = ended.find((one) => one.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }

  async #openOneMore(): Promise<void> {
    const index = this.#all.length;
    this.#opening = true;
    try {
      await this.#open();
    } catch (error) {
      if (this.#allowed === 0) return;
      // Tried once: what keeps one from starting keeps the next one, too.
      this.#allowed = index;
      this.#options.failed(index, error);
    } finally {
      this.#opening = false;
    }
  }

  async #open(): Promise<InitializeResult> {
    const before = performance.now();
    const index = this.#all.length;
    const instance = this.#options.make(index, () => {
      this.#relieve(instance);
    });
    this.#all.push(instance);
    const said = await instance.start();
    this.#running.push(instance);
    if (this.#running.length > 1) for (const one of this.#running) one.share();
    this.#options.started(index, performance.now() - before);
    this.#relieve(instance);
    return said;
  }

  #relieve(idle: Instance): void {
    const busiest = this.#running.reduce((most, other) => (other.waiting > most.waiting ? other : most), idle);
    if (busiest !== idle && busiest.waiting > 1) idle.relieve(busiest);
  }
}

function leastBusy(instances: readonly Instance[]): Instance | undefined {
  const able = instances.filter((instance) => !instance.isDown);
  return able.reduce<Instance | undefined>(
    (least, other) => (least === undefined || other.load < least.load ? other : least),
    undefined,
  );
}

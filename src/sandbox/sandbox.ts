import * as v from "valibot";
import type { GuestObserver } from "../../runtimes/guest.js";
import { GuestError } from "../../runtimes/guest-error.js";
import { CALL_LIMITS } from "../protocol/limits.js";
import { SandboxProcess } from "./child-process.js";
import type { SandboxPlace } from "./child-process.js";
import { FRAME_OVERHEAD_BYTES, FrameWriter } from "./frame-writer.js";
import { FrameReader } from "./frames.js";
import { readAnswer, SandboxMessageSchema } from "./messages.js";
import type { ControlMessage, HostMessage, ProgramSpec } from "./messages.js";
import { isPlainFrame } from "./plain-frame.js";
import { SandboxError } from "./sandbox-error.js";
import { SandboxedGuest } from "./sandboxed-guest.js";

const MIB = 1024 * 1024;
/** What the lines of one answer may take beyond a message, with room for their heads. */
const BESIDE_MESSAGE_BYTES = CALL_LIMITS.besideAnswerBytes + MIB;
/** How often in a row the sandbox host may end without a single answer in between … */
const MAX_DEATHS_IN_A_ROW = 5;
/** … before it is left alone for so long. */
const COOL_DOWN_MS = 30_000;

/** A sandbox host that owes an answer and says nothing for this long beyond every limit of its guests hangs itself. */
const SILENCE_MS = 10_000;
const LISTEN_EVERY_MS = 1_000;

const MessagesSchema = v.array(SandboxMessageSchema);

/** One integration's workers; it outlives the sandbox host. */
interface Pool {
  readonly id: number;
  readonly threads: number;
  readonly spec: ProgramSpec;
}

/** One life of the sandbox host. */
interface Generation {
  readonly process: SandboxProcess;
  readonly writer: FrameWriter<ControlMessage>;
  readonly pools: Set<number>;
  readonly guests: Map<number, SandboxedGuest>;
  /** How many turns of listening went by without a word while something was expected. */
  silentTurns: number;
  /** Why we ended it ourselves; what it says at its end tells nothing then. */
  killedFor: string | null;
}

/** What a `Sandbox` tells its owner. */
export interface SandboxOptions extends SandboxPlace {
  /** Called when a fresh sandbox host has taken over from one that ended. */
  readonly restarted?: () => void;
  /** How long a host that ended again and again is not started, in ms; default 30 s. */
  readonly coolDownMs?: number;
}

/**
 * The parent's side of the sandbox host. Starts it when it is first needed and again when it has ended; guests that
 * were in it are lost and say so.
 */
export class Sandbox implements AsyncDisposable {
  readonly #options: SandboxOptions;
  readonly #pools = new Map<number, Pool>();
  #generation: Generation | null = null;
  #lastId = 0;
  #largestMessage = MIB;
  #longestCallMs = 0;
  #deaths = 0;
  #diedAt = 0;
  #diedBefore = false;
  #closed = false;

  constructor(options: SandboxOptions = {}) {
    this.#options = options;
  }

  /** Process id of the sandbox host; undefined while there is none. */
  get pid(): number | undefined {
    return this.#generation?.process.pid;
  }

  /** Starts the sandbox host ahead of the first guest. Throws `SandboxError`. */
  start(): void {
    this.#current();
  }

  /** Makes room for `threads` guests of one integration. The number names it from now on. */
  addPool(spec: ProgramSpec, threads: number): number {
    const id = ++this.#lastId;
    this.#pools.set(id, { id, threads, spec });
    const { messageBytes, timeoutMs, initializeTimeoutMs } = spec.limits;
    this.#largestMessage = Math.max(this.#largestMessage, messageBytes);
    this.#longestCallMs = Math.max(this.#longestCallMs, timeoutMs, initializeTimeoutMs);
    return id;
  }

  /** Ends what is left of a pool. */
  dropPool(poolId: number): void {
    if (!this.#pools.delete(poolId)) return;
    if (this.#generation?.pools.delete(poolId) === true) this.#generation.writer.send(["drop", poolId]);
  }

  /** Loads a fresh guest. Rejects with `GuestError` (its code's fault) or `SandboxError`. */
  async open(poolId: number, observer: GuestObserver): Promise<SandboxedGuest> {
    const pool = this.#pools.get(poolId);
    if (pool === undefined) throw new GuestError("GUEST_GONE", "its workers were given back", true);
    const generation = this.#current();
    if (!generation.pools.has(poolId)) {
      generation.pools.add(poolId);
      generation.writer.send(["pool", poolId, pool.threads, pool.spec]);
    }
    const id = ++this.#lastId;
    const guest = new SandboxedGuest({
      id,
      limits: pool.spec.limits,
      send: (message) => {
        send(generation.writer, message);
      },
      observer,
      ended: () => {
        generation.guests.delete(id);
      },
    });
    generation.guests.set(id, guest);
    generation.writer.send(["open", id, poolId]);
    await guest.loaded;
    return guest;
  }

  /** Ends the sandbox host and every guest in it. */
  async close(): Promise<void> {
    this.#closed = true;
    const generation = this.#generation;
    if (generation === null) return;
    generation.process.kill();
    await generation.process.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #current(): Generation {
    if (this.#generation !== null) return this.#generation;
    if (this.#closed) throw new SandboxError("SANDBOX_CLOSED", "the sandbox is closed");
    const coolDownMs = this.#options.coolDownMs ?? COOL_DOWN_MS;
    if (this.#deaths >= MAX_DEATHS_IN_A_ROW && performance.now() - this.#diedAt < coolDownMs) {
      throw new SandboxError(
        "SANDBOX_UNSTABLE",
        `the sandbox host ended ${this.#deaths} times in a row without an answer`,
      );
    }
    const generation = this.#startGeneration();
    this.#generation = generation;
    if (this.#diedBefore) this.#options.restarted?.();
    return generation;
  }

  #startGeneration(): Generation {
    const child = new SandboxProcess(this.#options);
    const writer = new FrameWriter<ControlMessage>((bytes, done) => {
      child.pipe.write(bytes, done);
    });
    const generation: Generation = {
      process: child,
      writer,
      pools: new Set(),
      guests: new Map(),
      silentTurns: 0,
      killedFor: null,
    };
    const reader = new FrameReader(
      {
        messages: (messages) => {
          this.#take(generation, messages);
        },
        text: (frame) => {
          this.#heard(generation);
          generation.guests.get(frame.guest)?.take(readAnswer(frame));
        },
        isAllowed: isPlainFrame,
      },
      () => this.#largestMessage + BESIDE_MESSAGE_BYTES + FRAME_OVERHEAD_BYTES,
    );
    child.pipe.on("data", (chunk: Buffer) => {
      try {
        reader.push(chunk);
      } catch (error) {
        // Whatever speaks there is not our code any more.
        kill(generation, error instanceof Error ? error.message : String(error));
      }
    });
    const listening = setInterval(() => {
      this.#listen(generation);
    }, LISTEN_EVERY_MS).unref();
    void child.ended.then((said) => {
      clearInterval(listening);
      this.#died(generation, said);
    });
    return generation;
  }

  /** Turns are counted, not time: a parent that was itself held up hears what waits in the pipe before it counts on. */
  #listen(generation: Generation): void {
    const expecting = [...generation.guests.values()].some((guest) => guest.busy);
    generation.silentTurns = expecting ? generation.silentTurns + 1 : 0;
    const silentMs = generation.silentTurns * LISTEN_EVERY_MS;
    if (silentMs > this.#longestCallMs + SILENCE_MS) kill(generation, `it said nothing for ${silentMs} ms`);
  }

  #take(generation: Generation, raw: readonly unknown[]): void {
    const parsed = v.safeParse(MessagesSchema, raw, { abortEarly: true });
    if (!parsed.success) throw new SandboxError("SANDBOX_BAD_FRAME", "the sandbox host sent an unknown message");
    this.#heard(generation);
    for (const message of parsed.output) generation.guests.get(message[1])?.take(message);
  }

  #heard(generation: Generation): void {
    this.#deaths = 0;
    generation.silentTurns = 0;
  }

  #died(generation: Generation, said: string): void {
    if (this.#generation === generation) this.#generation = null;
    this.#diedBefore = true;
    if (!this.#closed) this.#deaths++;
    this.#diedAt = performance.now();
    const why = (generation.killedFor ?? said).slice(0, 300);
    for (const guest of [...generation.guests.values()]) guest.sandboxDied(why);
  }
}

function send(writer: FrameWriter<ControlMessage>, message: HostMessage): void {
  if (message[0] !== "line") writer.send(message);
  else writer.text({ guest: message[1], seq: message[2], figure: message[3], text: message[4] });
}

function kill(generation: Generation, why: string): void {
  generation.killedFor ??= why;
  generation.process.kill();
}

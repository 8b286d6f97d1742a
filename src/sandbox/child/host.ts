import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import type { TextFrame } from "../frames.js";
import type { ControlMessage, ProgramSpec } from "../messages.js";
import { CompiledModules, compiledKey } from "./compiled.js";
import { Life } from "./life.js";
import type { Sink } from "./life.js";
import { SpareWorker } from "./spare-worker.js";
import type { ServeTask, WarmUpTask } from "./worker-messages.js";

const WATCH_EVERY_MS = 5;
/** JavaScript heap of a worker; guests live outside of it, in Wasm memory that has its own limit. */
const WORKER_HEAP_MB = 128;
/** With Node's 4 MB, deep native recursion inside QuickJS would overflow V8's stack before QuickJS sees its own limit. */
const WORKER_STACK_MB = 16;

type Task = ServeTask | WarmUpTask;

interface Pool {
  readonly piscina: Piscina<Task, undefined>;
  readonly spec: ProgramSpec;
  /** What names its code among what is compiled. */
  readonly key: string | null;
  /** Workers of the pool that have a guest. */
  busy: number;
}

/** What a sandbox host tells of its guests, all together. */
export type HostSink = Omit<Sink, "compiled">;

/** The sandbox host's pools and guests: one Piscina pool per integration, one worker per guest. */
export class SandboxHost {
  readonly #sink: HostSink;
  readonly #pools = new Map<number, Pool>();
  readonly #lives = new Map<number, Life>();
  readonly #modules = new CompiledModules();
  readonly #spare = new SpareWorker(() => newPiscina(1));

  constructor(sink: HostSink) {
    this.#sink = sink;
    // Unreferenced: the pipe to the parent is what keeps this process alive.
    setInterval(() => {
      this.#watch();
    }, WATCH_EVERY_MS).unref();
  }

  /** Takes one frame's messages. They come from the parent and are trusted. */
  take(messages: readonly ControlMessage[]): void {
    for (const message of messages) this.#one(message);
  }

  /** Takes a request line; `flush` wakes the workers for all that were taken. */
  line({ guest, seq, figure, text }: TextFrame<Buffer>): void {
    this.#lives.get(guest)?.line(seq, figure, text);
  }

  flush(): void {
    for (const life of this.#lives.values()) life.flush();
  }

  #one(message: ControlMessage): void {
    switch (message[0]) {
      case "pool":
        this.#pools.set(message[1], {
          piscina: newPiscina(message[2]),
          spec: message[3],
          key: compiledKey(message[3]),
          busy: 0,
        });
        break;
      case "open":
        this.#open(message[1], message[2]);
        break;
      case "reply":
        this.#lives.get(message[1])?.reply(message[2], message[3]);
        break;
      case "close":
        this.#lives.get(message[1])?.kill();
        break;
      case "drop":
        this.#drop(message[1]);
        break;
    }
  }

  #drop(poolId: number): void {
    const pool = this.#pools.get(poolId);
    if (pool === undefined) return;
    this.#pools.delete(poolId);
    for (const life of this.#lives.values()) {
      if (life.spec === pool.spec) life.kill();
    }
    void pool.piscina.destroy();
  }

  #open(guestId: number, poolId: number): void {
    const pool = this.#pools.get(poolId);
    if (pool === undefined) return;
    const { spec, key } = pool;
    // A worker whose guest ended by itself is readier than any other.
    const spare = pool.piscina.threads.length > pool.busy ? null : this.#spare.take(spec.kind);
    if (spare === null) pool.busy++;
    const life = new Life(
      guestId,
      { pool: spare ?? pool.piscina, spec, module: this.#modules.get(key) },
      {
        ...this.#sink,
        compiled: (module) => {
          this.#modules.keep(key, module);
        },
      },
    );
    this.#lives.set(guestId, life);
    void life.ended.finally(() => {
      this.#lives.delete(guestId);
      if (spare === null) pool.busy--;
      else void spare.destroy();
    });
  }

  #watch(): void {
    for (const life of this.#lives.values()) {
      if (life.watch()) this.#spare.prepare(life.spec.kind);
    }
  }
}

/** Threads start when there is a guest for them, and stay when it ended by itself. */
function newPiscina(threads: number): Piscina<Task, undefined> {
  const piscina = new Piscina<Task, undefined>({
    filename: fileURLToPath(new URL("./worker.js", import.meta.url)),
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: Infinity,
    resourceLimits: { maxOldGenerationSizeMb: WORKER_HEAP_MB, stackSizeMb: WORKER_STACK_MB },
    env: {},
  });
  // A worker that dies between two guests has nobody to tell; the next guest starts another.
  piscina.on("error", () => undefined);
  return piscina;
}

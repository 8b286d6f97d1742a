import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import type { TextFrame } from "../frames.js";
import type { ControlMessage, ProgramSpec } from "../messages.js";
import { Life } from "./life.js";
import type { Sink } from "./life.js";
import type { ServeTask } from "./worker-messages.js";

const WATCH_EVERY_MS = 5;
/** JavaScript heap of a worker; guests live outside of it, in Wasm memory that has its own limit. */
const WORKER_HEAP_MB = 128;
/** With Node's 4 MB, deep native recursion inside QuickJS would overflow V8's stack before QuickJS sees its own limit. */
const WORKER_STACK_MB = 16;

interface Pool {
  readonly piscina: Piscina<ServeTask, undefined>;
  readonly spec: ProgramSpec;
}

/** The sandbox host's pools and guests: one Piscina pool per integration, one worker per guest. */
export class SandboxHost {
  readonly #sink: Sink;
  readonly #pools = new Map<number, Pool>();
  readonly #lives = new Map<number, Life>();

  constructor(sink: Sink) {
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
        this.#pools.set(message[1], { piscina: newPool(message[2]), spec: message[3] });
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
        void this.#pools.get(message[1])?.piscina.destroy();
        this.#pools.delete(message[1]);
        break;
    }
  }

  #open(guestId: number, poolId: number): void {
    const pool = this.#pools.get(poolId);
    if (pool === undefined) return;
    const life = new Life(guestId, pool.piscina, pool.spec, this.#sink);
    this.#lives.set(guestId, life);
    void life.ended.finally(() => this.#lives.delete(guestId));
  }

  #watch(): void {
    for (const life of this.#lives.values()) life.watch();
  }
}

function newPool(threads: number): Piscina<ServeTask, undefined> {
  const piscina = new Piscina<ServeTask, undefined>({
    filename: fileURLToPath(new URL("./worker.js", import.meta.url)),
    minThreads: 1,
    maxThreads: threads,
    idleTimeout: Infinity,
    resourceLimits: { maxOldGenerationSizeMb: WORKER_HEAP_MB, stackSizeMb: WORKER_STACK_MB },
    env: {},
  });
  // A worker that dies between two guests has nobody to tell; its successor is started by the pool.
  piscina.on("error", () => undefined);
  return piscina;
}

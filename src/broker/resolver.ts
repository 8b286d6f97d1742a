import { lookup } from "node:dns/promises";
import { RequestError } from "../protocol/request-error.js";
import type { Address } from "./addresses.js";

/** Each takes a thread of the pool that also reads and writes our files, for as long as the system's resolver likes. */
const LOOKUPS_AT_ONCE = 2;
const MAX_ADDRESSES = 16;

/** Gives all addresses of a name. */
export type Lookup = (hostname: string) => Promise<readonly Address[]>;

const systemLookup: Lookup = (hostname) => lookup(hostname, { all: true, verbatim: true });

/** Resolves names as the system does, a few at once for all integrations together. Keeps nothing. */
export class Resolver {
  readonly #lookup: Lookup;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(lookupName: Lookup = systemLookup) {
    this.#lookup = lookupName;
  }

  /** All addresses of a name. Throws `RequestError` REQUEST_UNREACHABLE; rejects with the signal's reason when it fires. */
  async resolve(hostname: string, signal: AbortSignal): Promise<readonly Address[]> {
    const found = this.#start(() => this.#lookup(hostname));
    const aborted = new Promise<never>((_resolve, reject) => {
      signal.addEventListener("abort", () => {
        reject(signal.reason instanceof Error ? signal.reason : new Error("aborted"));
      });
    });
    aborted.catch(() => undefined);
    found.catch(() => undefined);
    signal.throwIfAborted();
    const addresses = (await Promise.race([found, aborted])).slice(0, MAX_ADDRESSES);
    if (addresses.length === 0) throw new RequestError("REQUEST_UNREACHABLE", `${hostname} has no address`);
    return addresses;
  }

  /** A lookup cannot be stopped, so its place is free only when it has ended. */
  async #start(run: () => Promise<readonly Address[]>): Promise<readonly Address[]> {
    if (this.#running >= LOOKUPS_AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running++;
    try {
      return await run();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }
}

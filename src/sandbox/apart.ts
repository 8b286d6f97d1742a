import type { Exchange, Guest, GuestObserver } from "../../runtimes/guest.js";
import type { SandboxPlace } from "./child-process.js";
import type { ProgramSpec } from "./messages.js";
import { Sandbox } from "./sandbox.js";

/** Sandbox hosts with one guest each: for guests in whose presence the shared one ended, so that none can end another's. */
export class ApartHosts {
  readonly #place: SandboxPlace;
  readonly #sandboxes = new Set<Sandbox>();
  #closed = false;

  constructor(place: SandboxPlace) {
    this.#place = place;
  }

  /** Starts a host and loads a guest in it; both end together. Rejects as `Sandbox.open` does. */
  async open(spec: ProgramSpec, observer: GuestObserver): Promise<Guest> {
    const sandbox = new Sandbox(this.#place);
    const close = async (): Promise<void> => {
      this.#sandboxes.delete(sandbox);
      await sandbox.close();
    };
    this.#sandboxes.add(sandbox);
    try {
      if (this.#closed) await sandbox.close();
      return new ApartGuest(await sandbox.open(sandbox.addPool(spec, 1), observer), close);
    } catch (error) {
      await close();
      throw error;
    }
  }

  /** Ends all of them. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#sandboxes].map((sandbox) => sandbox.close()));
  }
}

class ApartGuest implements Guest {
  readonly #guest: Guest;
  readonly #closeHost: () => Promise<void>;

  constructor(guest: Guest, closeHost: () => Promise<void>) {
    this.#guest = guest;
    this.#closeHost = closeHost;
  }

  exchange(line: string): Promise<Exchange> {
    return this.#guest.exchange(line);
  }

  async close(): Promise<void> {
    await this.#guest.close();
    await this.#closeHost();
  }
}

import type { Socket } from "node:net";
import { inTime } from "../providers/exit.js";
import type { ProviderLauncher, ProviderSession as RealProvider } from "../providers/launcher.js";
import { ProviderError } from "../providers/provider-error.js";
import { isQuestion } from "../tfplugin/questions.js";
import type { CallHandler } from "../wire/call-handler.js";
import { Relay } from "../wire/relay.js";
import { WireError } from "../wire/wire-error.js";

/** go-plugin's own service, by which a client ends a provider in order. */
const SHUTDOWN = "/plugin.GRPCController/Shutdown";
const NO_MESSAGE = new Uint8Array(0);
/** How long after the loss of its connection a provider's process may take to end, in ms, to count as crashed. */
const CRASH_MS = 1_000;

/** What a connection needs. */
export interface ConnectionOptions {
  /** What core opened. */
  readonly socket: Socket;
  readonly launcher: ProviderLauncher;
  /** The provider's source address. */
  readonly source: string;
  intercept(path: string): CallHandler | null;
  /** Told of what core was spared, or tells in words of its own. */
  fault(error: unknown, where: string): void;
}

/**
 * One connection of core, with a real provider of its own behind it: started with the first call that is meant for it,
 * and ended with the connection, also in the middle of its start. A provider that was only asked for its schema, or to
 * validate, is kept for the next connection.
 */
export class Connection {
  /** Resolves when both ends are closed and nothing of the provider runs any more; never rejects. */
  readonly closed: Promise<void>;
  readonly #options: ConnectionOptions;
  readonly #relay: Relay;
  readonly #starting = new AbortController();
  #opened: Promise<RealProvider> | null = null;
  #told: Promise<void> | null = null;
  /** Core asked nothing but questions, so the provider is as it was when it started. */
  #isAsNew = true;
  #isKept = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const { socket, source } = options;
    this.#relay = new Relay({
      core: socket,
      connect: () => this.#connect(),
      intercept: (path) => {
        this.#isAsNew &&= isQuestion(path);
        return options.intercept(path);
      },
      fault: (error, path) => {
        if (error instanceof WireError && error.code === "WIRE_PROVIDER_LOST") this.#told ??= this.#tellLoss(error);
        else options.fault(error, `${source} ${path}`.trimEnd());
      },
      coreGone: () => this.#end(),
    });
    this.closed = this.#relay.closed.then(() => this.#tidy());
  }

  /** Ends it now. */
  close(): void {
    this.#relay.close();
  }

  async #connect(): Promise<Socket> {
    const { launcher, source } = this.#options;
    this.#opened = launcher.open(source, this.#starting.signal);
    return (await this.#opened).socket();
  }

  /** Core says in its own words that it lost a provider; how that one ended, and what it said last, is ours to tell. */
  async #tellLoss(error: WireError): Promise<void> {
    const { source } = this.#options;
    const fault = this.#options.fault.bind(this.#options);
    const provider = (await this.#opened?.catch(() => null)) ?? null;
    const end = provider === null ? undefined : await inTime(provider.ended, CRASH_MS);
    if (provider !== null && end !== undefined) fault(await provider.crash(), "");
    else if (error.cause instanceof ProviderError) fault(error.cause, "");
    else fault(error, source);
  }

  /** Core has gone: the provider goes to the next connection, or may end in order. */
  async #end(): Promise<void> {
    const { launcher, source } = this.#options;
    const provider = await this.#opened;
    if (provider !== null && this.#isAsNew) this.#isKept = launcher.keep(source, provider);
    if (this.#isKept) return;
    await provider?.stop(async () => {
      await this.#relay.call(SHUTDOWN, NO_MESSAGE);
    });
  }

  async #tidy(): Promise<void> {
    this.#starting.abort();
    const provider = await this.#opened?.catch(() => null);
    if (!this.#isKept) await provider?.stop();
    await this.#told;
  }
}

import type { Socket } from "node:net";
import { dial } from "./dial.js";
import type { ProcessEnd } from "./exit.js";
import type { LocatedProvider, PackagedProvider } from "./locate.js";
import { ProtocolCache } from "./protocol-cache.js";
import { ProviderError } from "./provider-error.js";
import { ProviderProcess } from "./provider-process.js";
import { SpareProviders } from "./spares.js";
import type { ProviderStart } from "./spawned-provider.js";
import type { ProtocolVersion, ReattachEntry } from "./reattach.js";
import { ProviderVerifier } from "./verify.js";
import type { Verified } from "./verify.js";

/** A real provider for one session of core: started for it, or the one that the user runs. */
export interface ProviderSession {
  readonly protocol: ProtocolVersion;
  /** The process that we started; null for one that the user runs. */
  readonly pid: number | null;
  /** A new connection. Throws `ProviderError` PROVIDER_UNREACHABLE. */
  socket(): Promise<Socket>;
  /** Resolves when the process has ended; never for one that the user runs. */
  readonly ended: Promise<ProcessEnd>;
  /** What to tell of an end that nobody asked for. Call it when `ended` has resolved. */
  crash(): Promise<ProviderError>;
  /** See `ProviderProcess.stop`. One that the user runs is left running. */
  stop(shutdown?: () => Promise<void>): Promise<void>;
}

/** What all providers of a run have in common. */
export type LaunchOptions = Pick<ProviderStart, "cwd" | "env" | "folder" | "watch" | "log" | "signal" | "startMs"> & {
  /** Core's data folder, as an absolute path. */
  readonly dataDir: string;
};

/** Verifies and starts the providers of one run. No provider starts that is not verified. */
export class ProviderLauncher {
  readonly #options: LaunchOptions;
  readonly #providers: ReadonlyMap<string, LocatedProvider>;
  readonly #verifier = new ProviderVerifier();
  readonly #cache: ProtocolCache;
  readonly #protocols = new Map<string, Promise<ProtocolVersion>>();
  #spares = new SpareProviders();
  /** Starts that nobody waits for, and what ends them. */
  readonly #warming = new Set<Promise<void>>();
  #unwanted = new AbortController();
  #isClosed = false;

  constructor(providers: readonly LocatedProvider[], options: LaunchOptions) {
    this.#options = options;
    this.#providers = new Map(providers.map((provider) => [provider.source, provider]));
    this.#cache = new ProtocolCache(options.dataDir);
  }

  /** All that were located, by source address. */
  get providers(): ReadonlyMap<string, LocatedProvider> {
    return this.#providers;
  }

  /** Whether a provider is started from a package, and not run by the user. */
  isPackaged(source: string): boolean {
    return (this.#providers.get(source) ?? { kind: "reattached" }).kind !== "reattached";
  }

  /**
   * The protocol version to tell core of. A provider that no run started before is started for it; the first session gets
   * that one. Throws what `open` throws.
   */
  protocolOf(source: string): Promise<ProtocolVersion> {
    const known = this.#protocols.get(source);
    if (known !== undefined) return known;
    const learned = this.#learn(this.#provider(source));
    this.#protocols.set(source, learned);
    learned.catch(() => this.#protocols.delete(source));
    return learned;
  }

  /** Starts a provider for the next session of the source, unless there is a spare one. What goes wrong, `open` will tell. */
  warm(source: string): void {
    const provider = this.#providers.get(source);
    if (this.#isClosed || provider === undefined || provider.kind === "reattached" || this.#spares.has(source)) return;
    const warming = this.#startSpare(provider)
      .catch(() => undefined)
      .finally(() => this.#warming.delete(warming));
    this.#warming.add(warming);
  }

  async #startSpare(provider: PackagedProvider): Promise<void> {
    const { source } = provider;
    const { signal } = this.#unwanted;
    const protocol = await this.protocolOf(source);
    const verified = await this.#verifier.verify(provider);
    // Where the protocol had to be learned, there is one now.
    if (signal.aborted || this.#spares.has(source)) return;
    const started = this.#start(provider, verified, protocol, signal);
    this.#spares.put(source, started);
    await started;
  }

  /** Takes back a provider that its session has not configured or changed in any way: the next one gets it. */
  keep(source: string, session: ProviderSession): boolean {
    if (!(session instanceof ProviderProcess)) return false;
    this.#spares.put(source, Promise.resolve(session));
    return true;
  }

  /** Ends the providers that no session has. Resolves when nothing of them runs any more. */
  async endSpares(): Promise<void> {
    this.#unwanted.abort();
    this.#unwanted = new AbortController();
    await Promise.all(this.#warming);
    const spares = this.#spares;
    this.#spares = new SpareProviders();
    await spares.end();
  }

  /** As `endSpares`, and from now on none is started ahead. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.endSpares();
  }

  /**
   * A provider for one session, fresh or as good as that; `signal` ends its start, not the provider. Throws what `ProviderVerifier.verify` and `ProviderProcess.start` throw, and
   * `ProviderError` PROVIDER_NOT_INSTALLED for a source that was not located.
   */
  async open(source: string, signal?: AbortSignal): Promise<ProviderSession> {
    const provider = this.#provider(source);
    if (provider.kind === "reattached") return userRun(provider.source, provider.reattach);
    const spare = await this.#spares.take(source);
    if (spare !== null) return spare;
    const protocol = await this.#protocols.get(source);
    const verified = await this.#verifier.verify(provider);
    try {
      return await this.#start(provider, verified, protocol, signal);
    } catch (error) {
      if (error instanceof ProviderError && error.code === "PROVIDER_PROTOCOL" && verified.digest !== null) {
        await this.#cache.forget(verified.digest);
      }
      throw error;
    }
  }

  async #learn(provider: LocatedProvider): Promise<ProtocolVersion> {
    if (provider.kind === "reattached") return provider.reattach.protocol;
    const verified = await this.#verifier.verify(provider);
    const { digest } = verified;
    const remembered = digest === null ? undefined : await this.#cache.get(digest);
    if (remembered !== undefined) return remembered;
    const process = await this.#start(provider, verified, undefined, this.#unwanted.signal);
    this.#spares.put(provider.source, Promise.resolve(process));
    if (digest !== null) await this.#cache.set(digest, process.protocol);
    return process.protocol;
  }

  #start(
    provider: PackagedProvider,
    { state }: Verified,
    protocol: ProtocolVersion | undefined,
    signal?: AbortSignal,
  ): Promise<ProviderProcess> {
    const { source, path } = provider;
    const signals = [this.#options.signal, signal].filter((one) => one !== undefined);
    return ProviderProcess.start({
      ...this.#options,
      source,
      path,
      state,
      protocol,
      signal: signals.length === 0 ? undefined : AbortSignal.any(signals),
    });
  }

  #provider(source: string): LocatedProvider {
    const provider = this.#providers.get(source);
    if (provider !== undefined) return provider;
    throw new ProviderError("PROVIDER_NOT_INSTALLED", `the provider ${source} was not looked for`, {
      remedy: "Run: airlock init",
    });
  }
}

function userRun(source: string, { protocol, address }: ReattachEntry): ProviderSession {
  return {
    protocol,
    pid: null,
    socket: () => dial(address, source),
    ended: new Promise(() => undefined),
    crash: () => Promise.resolve(new ProviderError("PROVIDER_CRASHED", `${source}, which you run yourself, is gone`)),
    stop: () => Promise.resolve(),
  };
}

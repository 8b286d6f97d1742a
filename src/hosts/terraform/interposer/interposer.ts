import { chmod } from "node:fs/promises";
import { createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { join } from "node:path";
import type { ProviderLauncher } from "../providers/launcher.js";
import { ProviderError } from "../providers/provider-error.js";
import type { ReattachEntry } from "../providers/reattach.js";
import { StandIn } from "../providers/stand-in.js";
import { Connection } from "./connection.js";
import { interceptCall } from "./intercept.js";
import { WireError } from "../wire/wire-error.js";
import type { WireErrorCode } from "../wire/wire-error.js";
import type { LiveRun } from "./live-run.js";
import { ProviderSession } from "./session.js";
import type { KnownProvider } from "./session.js";

/** An intercepted message went through as it came. */
const UNSEEN: ReadonlySet<WireErrorCode> = new Set(["WIRE_COMPRESSED", "WIRE_NOT_UNARY"]);

/** What an interposer needs. */
export interface InterposerOptions {
  readonly run: LiveRun;
  readonly launcher: ProviderLauncher;
  /** A folder that only this user may enter; the sockets are made in it. */
  readonly folder: string;
  /** Source addresses of the providers to stand in front of. */
  readonly sources: readonly string[];
  /** Those of them whose calls all pass through unread. */
  readonly untouched: readonly string[];
  /** Those of them that core starts itself where we cannot. */
  readonly optional: readonly string[];
}

/**
 * Stands between one core and its providers: a socket for each provider, on which core finds what it takes for the
 * provider. Each connection gets a real provider that no other has configured: core's provider configurations stay apart as
 * they are without us.
 */
export class Interposer {
  readonly #options: InterposerOptions;
  readonly #servers: Server[] = [];
  readonly #connections = new Set<Connection>();
  /** What core is told in `TF_REATTACH_PROVIDERS`. */
  readonly entries = new Map<string, ReattachEntry>();
  readonly #standIn: StandIn | null;

  private constructor(options: InterposerOptions, standIn: StandIn | null) {
    this.#options = options;
    this.#standIn = standIn;
  }

  /** Starts to listen. Throws what `ProviderLauncher.protocolOf` throws, and PROVIDER_RUN_FOLDER. */
  static async start(options: InterposerOptions): Promise<Interposer> {
    const interposer = new Interposer(options, options.sources.length === 0 ? null : await StandIn.start());
    try {
      await Promise.all(options.sources.map((source, index) => interposer.#serve(source, index)));
      return interposer;
    } catch (error) {
      await interposer.close();
      throw error;
    }
  }

  /** Ends every connection and every provider that is left. Resolves when nothing of them runs any more. */
  async close(): Promise<void> {
    for (const server of this.#servers) server.close();
    const ends = [...this.#connections].map((connection) => {
      connection.close();
      return connection.closed;
    });
    await Promise.all(ends);
    await this.#options.launcher.endSpares();
    await this.#standIn?.end();
  }

  async #serve(source: string, index: number): Promise<void> {
    try {
      await this.#listen(source, index);
    } catch (error) {
      // Core may never need it, or says itself what is wrong with it.
      if (!(error instanceof ProviderError) || !this.#options.optional.includes(source)) throw error;
    }
  }

  async #listen(source: string, index: number): Promise<void> {
    const { launcher, folder, run } = this.#options;
    const protocol = await launcher.protocolOf(source);
    const known: KnownProvider = { source, schema: null };
    const server = createServer((socket) => {
      this.#accept(socket, known);
    });
    this.#servers.push(server);
    const path = join(folder, `${run.phase}${index}`);
    try {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject).listen(path, resolve);
      });
      await chmod(path, 0o600);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ProviderError("PROVIDER_RUN_FOLDER", `no socket for ${source} can be made at ${path}: ${reason}`, {
        cause,
      });
    }
    this.entries.set(source, { protocol, pid: this.#standIn?.pid ?? 0, address: { network: "unix", path } });
  }

  #accept(socket: Socket, known: KnownProvider): void {
    const { run, launcher, untouched } = this.#options;
    const { source } = known;
    const session = new ProviderSession(run, known);
    const connection = new Connection({
      socket,
      launcher,
      source,
      intercept: (path) => (untouched.includes(source) ? null : interceptCall(session, path)),
      fault: (error, where) => {
        if (error instanceof WireError && UNSEEN.has(error.code)) {
          run.judge.noteUnjudged();
          run.halt.set("integrations could not look into a call");
        }
        run.fault(error, where);
      },
    });
    this.#connections.add(connection);
    void connection.closed.then(() => this.#connections.delete(connection));
  }
}

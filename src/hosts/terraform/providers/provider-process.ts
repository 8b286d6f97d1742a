import type { Socket } from "node:net";
import { dial } from "./dial.js";
import { endText, inTime, killGroup } from "./exit.js";
import type { ProcessEnd } from "./exit.js";
import type { Handshake } from "./handshake.js";
import type { ProviderError } from "./provider-error.js";
import type { ProtocolVersion } from "./reattach.js";
import { interrupted, SpawnedProvider } from "./spawned-provider.js";
import type { ProviderStart } from "./spawned-provider.js";
import { checkProgram } from "./program-format.js";
import { checkUnchanged } from "./unchanged.js";

/** As go-plugin's client gives a provider to end by itself (`Kill`), in ms. */
const STOP_MS = 2_000;
/**
 * A real provider that we started: a go-plugin server, spoken to in the clear on a socket in a folder that only this
 * user may enter.
 *
 * - It has a session and a process group of its own, so a terminal's Ctrl-C does not reach it; core tells it to stop.
 * - The file that runs is the one that was verified: file and folder are looked at right before the start and again behind
 *   the handshake. Whoever may write to the package can still have a program of his own run for the moment until that is
 *   found out and it is killed; and who may exchange a folder further up, and back, is not found out. Plain core looks
 *   once, before it starts the first process.
 * - Its stdout is read to the end, its stderr goes to the log; of both at most 350 KiB are held.
 */
export class ProviderProcess {
  readonly pid: number;
  readonly protocol: ProtocolVersion;
  /** Resolves when it has ended, for whatever reason. */
  readonly ended: Promise<ProcessEnd>;
  readonly #start: ProviderStart;
  readonly #handshake: Handshake;
  readonly #started: SpawnedProvider;
  #stopping: Promise<void> | undefined;
  #hasEnded = false;

  private constructor(start: ProviderStart, handshake: Handshake, started: SpawnedProvider) {
    this.#start = start;
    this.#handshake = handshake;
    this.#started = started;
    this.pid = started.pid;
    this.protocol = handshake.protocol;
    this.ended = started.ended;
    void this.ended.then(() => {
      this.#hasEnded = true;
      if (this.#stopping === undefined) void started.tidy(true);
    });
  }

  /**
   * Resolves when the provider has said where it listens. Throws `ProviderError`: PROVIDER_CHANGED,
   * PROVIDER_NOT_EXECUTABLE, PROVIDER_EXITED, PROVIDER_START_TIMEOUT, PROVIDER_HANDSHAKE, PROVIDER_PROTOCOL,
   * PROVIDER_INTERRUPTED. Nothing of it runs any more then.
   */
  static async start(start: ProviderStart): Promise<ProviderProcess> {
    if (start.signal?.aborted === true) throw interrupted(start);
    await checkProgram(start.path, start.source);
    if (start.state !== null) await checkUnchanged(start.path, start.source, start.state);
    const started = await SpawnedProvider.spawn(start);
    try {
      const handshake = await started.handshake();
      return new ProviderProcess(start, handshake, started);
    } catch (error) {
      killGroup(started.pid);
      await inTime(started.ended, STOP_MS);
      await started.tidy(true);
      throw error;
    }
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** A new connection. Throws `ProviderError` PROVIDER_UNREACHABLE. */
  socket(): Promise<Socket> {
    return dial(this.#handshake.address, this.#start.source);
  }

  /**
   * What to tell of an end that nobody asked for, with what the provider wrote last or why it panicked. Call it when
   * `ended` has resolved.
   */
  async crash(): Promise<ProviderError> {
    const end = await this.ended;
    return this.#started.error("PROVIDER_CRASHED", `${this.#start.source} ended while it was in use: ${endText(end)}`);
  }

  /**
   * Ends it as core would: `shutdown` sends the controller's Shutdown call, and the provider has two seconds in all to
   * answer and to end. Without `shutdown`, when that fails or time is over, its whole process group is killed.
   * Resolves when nothing is left of it; never rejects.
   */
  stop(shutdown?: () => Promise<void>): Promise<void> {
    return (this.#stopping ??= this.#stop(shutdown));
  }

  async #stop(shutdown: (() => Promise<void>) | undefined): Promise<void> {
    const asked = shutdown === undefined ? undefined : this.#ask(shutdown);
    const end = await inTime(Promise.race([this.ended, asked]), STOP_MS);
    if (end === undefined) {
      killGroup(this.pid);
      await inTime(this.ended, STOP_MS);
    }
    // What a provider left running on purpose when it ended by itself is left, as core leaves it.
    await this.#started.tidy(false);
  }
  /** Undefined as soon as asking has failed. */
  async #ask(shutdown: () => Promise<void>): Promise<ProcessEnd | undefined> {
    try {
      await shutdown();
      return await this.ended;
    } catch {
      return undefined;
    }
  }
}

import type { ProviderProcess } from "./provider-process.js";

/**
 * Providers that run and that nobody has configured: started ahead, or left by a session that asked nothing but
 * questions. Each waits for the next session of its source. One that ends meanwhile is forgotten.
 */
export class SpareProviders {
  readonly #bySource = new Map<string, Promise<ProviderProcess | null>[]>();
  #isOver = false;

  has(source: string): boolean {
    return this.#of(source).length > 0;
  }

  /** One that comes to null or an error did not start; who needs one then starts it anew and learns why. */
  put(source: string, provider: Promise<ProviderProcess | null>): void {
    const known = provider.catch(() => null).then((process) => (process === null ? null : this.#accept(process)));
    const spares = this.#of(source);
    this.#bySource.set(source, [...spares, known]);
    const forget = (): void => {
      this.#remove(source, known);
    };
    void known.then((process) => process?.ended).then(forget);
  }

  /** The one that waits longest, when it has started; null when there is none. */
  async take(source: string): Promise<ProviderProcess | null> {
    for (;;) {
      const [first] = this.#of(source);
      if (first === undefined) return null;
      this.#remove(source, first);
      const process = await first;
      if (process?.hasEnded === false) return process;
    }
  }

  /** Ends all that wait, and those that are on their way. Nothing is put here any more. */
  async end(): Promise<void> {
    this.#isOver = true;
    const all = [...this.#bySource.values()].flat();
    this.#bySource.clear();
    await Promise.all(all.map(async (spare) => (await spare)?.stop()));
  }

  async #accept(process: ProviderProcess): Promise<ProviderProcess | null> {
    if (!this.#isOver) return process;
    await process.stop();
    return null;
  }

  #of(source: string): readonly Promise<ProviderProcess | null>[] {
    return this.#bySource.get(source) ?? [];
  }

  #remove(source: string, spare: Promise<ProviderProcess | null>): void {
    this.#bySource.set(
      source,
      this.#of(source).filter((one) => one !== spare),
    );
  }
}

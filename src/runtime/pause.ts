/** One wait at a time, which can be cut short. */
export class Pause {
  #timer: NodeJS.Timeout | undefined;
  #wake: (() => void) | undefined;
  #ended = false;

  /** Resolves after so long, or when it is cut short. Keeps the process alive: somebody waits for what comes then. */
  wait(ms: number): Promise<void> {
    if (ms === 0 || this.#ended) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
      this.#timer = setTimeout(resolve, ms);
    });
  }

  /** Calls `then` after so long, unless it is cut short. Does not keep the process alive. */
  later(ms: number, then: () => void): void {
    if (!this.#ended) this.#timer = setTimeout(then, ms).unref();
  }

  /** Cuts short what waits, and whatever would wait from now on. */
  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#wake?.();
  }
}

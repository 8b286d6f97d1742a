import type { TextOutput } from "./io.js";

/** How often the line is looked at, in ms; work that is done sooner shows none. */
const LOOK_MS = 250;
const CLEAR = "\r\u001b[K";

/** One line that says that integrations work, while core says nothing. Only on a terminal. */
export class WorkLine {
  readonly #output: TextOutput;
  #timer: NodeJS.Timeout | undefined;
  #isShown = false;

  constructor(output: TextOutput) {
    this.#output = output;
  }

  /** Shows how many events are worked on, as long as there are any. */
  watch(events: () => number): void {
    if (!this.#output.isTTY) return;
    this.#timer = setInterval(() => {
      this.#draw(events());
    }, LOOK_MS).unref();
  }

  /** Takes the line away, before anything else is written. */
  clear(): void {
    if (this.#isShown) this.#output.write(CLEAR);
    this.#isShown = false;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.clear();
  }

  #draw(events: number): void {
    if (events === 0) {
      this.clear();
      return;
    }
    this.#isShown = true;
    this.#output.write(`${CLEAR}airlock: integrations look at ${events} ${events === 1 ? "event" : "events"}`);
  }
}

import type { TextOutput } from "./io.js";

/** Short work shows no bar, in ms. */
const QUIET_MS = 500;
/** Time between two drawings, in ms. */
const REDRAW_MS = 100;
const MAX_BAR = 30;
const CLEAR = "\r\u001b[K";

/** Notes and a progress bar on one output. The bar is drawn only on a terminal, and only for work that takes long. */
export class StatusLine {
  readonly #started: number;
  #drawn = -Infinity;
  #isShown = false;

  constructor(
    private readonly output: TextOutput,
    private readonly now: () => number = () => performance.now(),
    /** What is counted. */
    private readonly unit = "events",
  ) {
    this.#started = now();
  }

  /** Writes a whole line above the bar. */
  note(line: string): void {
    this.clear();
    this.output.write(`${line}\n`);
  }

  progress(done: number, total: number): void {
    const now = this.now();
    if (!this.output.isTTY || now - this.#started < QUIET_MS || now - this.#drawn < REDRAW_MS) {
      return;
    }
    this.#drawn = now;
    this.#isShown = true;
    const width = Math.max(1, Math.min(MAX_BAR, this.output.columns - 30));
    const filled = total === 0 ? width : Math.floor((done / total) * width);
    this.output.write(`${CLEAR}[${"#".repeat(filled)}${"-".repeat(width - filled)}] ${done}/${total} ${this.unit}`);
  }

  /** Takes the bar away; a later `progress` may bring it back. */
  clear(): void {
    if (this.#isShown) {
      this.output.write(CLEAR);
      this.#isShown = false;
    }
  }
}

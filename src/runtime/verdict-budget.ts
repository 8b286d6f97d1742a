import { RuntimeError } from "./runtime-error.js";

/** What every verdict may take, as plain ones do: there are as many as the plan has events. */
const FREE_LENGTH = 1_024;
/** Parsed, it is up to twenty times as much heap. */
const KEPT_LENGTH = 32 * 1024 * 1024;

/** What one integration's verdicts take together. Hosts and reports keep them to the end of the run, so it is bounded. */
export class VerdictBudget {
  #kept = 0;

  /** Takes note of one verdict, by the length of its line. Throws `RuntimeError` RUNTIME_VERDICTS_TOO_LARGE when there is no room for it. */
  take(answerLength: number): void {
    const kept = this.#kept + Math.max(0, answerLength - FREE_LENGTH);
    if (kept > KEPT_LENGTH) {
      throw new RuntimeError(
        "RUNTIME_VERDICTS_TOO_LARGE",
        `its verdicts together take more than ${KEPT_LENGTH} characters; this one is left out`,
        { remedy: "The integration must say less in each verdict." },
      );
    }
    this.#kept = kept;
  }
}

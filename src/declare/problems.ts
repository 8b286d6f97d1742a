import { DeclareError } from "./declare-error.js";

/** Errors told at once; more than this helps nobody. */
export const MAX_REPORTED_ERRORS = 20;

/** Collects the errors of one reading, so that a user sees all of them and not one a run. */
export class Problems {
  readonly #errors: DeclareError[] = [];

  add(error: DeclareError): void {
    if (this.#errors.length < MAX_REPORTED_ERRORS) this.#errors.push(error);
  }

  /** Runs a step; a `DeclareError` is kept and the answer is undefined, every other exception goes on. */
  attempt<T>(step: () => T): T | undefined {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof DeclareError)) throw error;
      this.add(error);
      return undefined;
    }
  }

  /** As `attempt`, for a step that takes time. */
  async attemptAsync<T>(step: () => Promise<T>): Promise<T | undefined> {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof DeclareError)) throw error;
      this.add(error);
      return undefined;
    }
  }

  /** As `throwIfAny`, over what several have collected. */
  static throwFirst(all: readonly Problems[]): void {
    const together = new Problems();
    for (const error of all.flatMap((one) => one.#errors)) together.add(error);
    together.throwIfAny();
  }

  /** Throws the first error with the rest in its `others`; does nothing without one. */
  throwIfAny(): void {
    const [first, ...others] = this.#errors;
    if (first !== undefined) throw others.length === 0 ? first : first.with(others);
  }
}

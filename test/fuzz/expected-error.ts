import type { AirlockError } from "../../src/protocol/airlock-error.js";

/** A class of named errors, and its closed list of codes. */
interface Named {
  readonly type: abstract new (...parts: never[]) => AirlockError;
  readonly codes: readonly string[];
}

/**
 * What `act` gives, or null when it fails with an error of this class and one of its codes. Whatever else it throws is a
 * finding, and goes on.
 */
export function orNamed<Result>(named: Named, act: () => Result): Result | null {
  try {
    return act();
  } catch (error) {
    return nullFor(named, error);
  }
}

/** The same for what is waited for. */
export async function orNamedLater<Result>(named: Named, act: () => Promise<Result>): Promise<Result | null> {
  try {
    return await act();
  } catch (error) {
    return nullFor(named, error);
  }
}

function nullFor({ type, codes }: Named, error: unknown): null {
  if (!(error instanceof type) || !codes.includes(error.code)) throw error;
  if (error.message.trim() === "") throw new Error(`${error.code} says nothing`, { cause: error });
  return null;
}

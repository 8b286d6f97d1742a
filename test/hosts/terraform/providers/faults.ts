import { expect } from "vitest";
import { AirlockError } from "../../../../src/protocol/airlock-error.js";

function airlockError(error: unknown): AirlockError {
  if (error instanceof AirlockError) return error;
  throw error;
}

/** The error of ours that a promise rejects with; fails the test for none. */
export async function faultOf(promise: Promise<unknown>): Promise<AirlockError> {
  return promise.then(() => expect.fail("it did not reject"), airlockError);
}

/** The error of ours that a function throws; fails the test for none. */
export function faultThrown(action: () => unknown): AirlockError {
  try {
    action();
  } catch (error) {
    return airlockError(error);
  }
  return expect.fail("it did not throw");
}

import { expect } from "vitest";

/** The code of the error that a promise rejects with; fails the test when it does not reject with one. */
export async function rejectedCode(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return codeOf(error);
  }
  return expect.fail("it did not reject");
}

/** The code of the error that a function throws; fails the test when it throws none. */
export function thrownCode(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return codeOf(error);
  }
  return expect.fail("it did not throw");
}

function codeOf(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  throw error;
}

import { expect } from "vitest";
import { ProviderError } from "../../../../src/hosts/terraform/providers/provider-error.js";

/** The error of ours that a promise rejects with; fails the test for none. */
export async function faultOf(promise: Promise<unknown>): Promise<ProviderError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
  return expect.fail("it did not reject");
}

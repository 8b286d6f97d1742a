import { expect } from "vitest";

const FORM = String.raw`\(sensitive value (?:0-15|16-63|64-255|256\+):[0-9a-f]{24}\)`;

/** Stands in what a test expects for any token of a sensitive value. */
export const TOKEN: unknown = expect.stringMatching(new RegExp(`^${FORM}$`));

/** JSON text with `(token)` in place of every token, of keys too. */
export function masked(value: unknown): string {
  return JSON.stringify(value).replace(new RegExp(FORM, "g"), "(token)");
}

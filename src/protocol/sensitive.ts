/** What stands where an integration itself said a secret: in messages, findings and log lines. */
export const SENSITIVE_VALUE = "(sensitive value)";

/** How every token begins, and nothing else in an event. */
const START = "(sensitive value";
const FIRST_UNIT = START.charCodeAt(0);

/** Lengths, in bytes of UTF-8, that a token tells apart: each class up to and without the next one's start. */
const LENGTHS = [
  { from: 256, name: "256+" },
  { from: 64, name: "64-255" },
  { from: 16, name: "16-63" },
] as const;
const SHORTEST = "0-15";

/** Hex digits of a token: 96 bits, so that among a million secrets two equal ones are not to be expected. */
export const TOKEN_DIGITS = 24;

const TOKEN = /^\(sensitive value (?:0-15|16-63|64-255|256\+):[0-9a-f]{24}\)$/;

/**
 * The token that stands in an event for a sensitive value of `bytes` bytes; `digest` has `TOKEN_DIGITS` hex digits and
 * tells values apart.
 */
export function sensitiveToken(bytes: number, digest: string): string {
  const { name } = LENGTHS.find(({ from }) => bytes >= from) ?? { name: SHORTEST };
  return `${START} ${name}:${digest})`;
}

/**
 * Whether a value of an event stands for a sensitive one. Nothing that a resource holds itself has this form in an
 * event: it would be replaced, too.
 */
export function isSensitive(value: unknown): value is string {
  return typeof value === "string" && TOKEN.test(value);
}

/** Whether a text could be taken for a token, or for what stands in place of one. */
export function resemblesToken(text: string): boolean {
  // Asked of every text of every event: most end here.
  return text.charCodeAt(0) === FIRST_UNIT && text.startsWith(START);
}

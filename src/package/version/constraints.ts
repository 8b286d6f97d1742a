import { quote } from "../../base/quote.js";
import { VersionError } from "./version-error.js";
import { compareVersions, parseVersion } from "./version.js";
import type { Version } from "./version.js";

/** The operators of Terraform's constraints; a longer one stands before its own beginning. */
const OPERATORS = ["!=", ">=", "<=", "~>", "=", ">", "<"] as const;
type Operator = (typeof OPERATORS)[number];

/** A longer text, or a list of more, is no constraint that a person wrote. */
const MAX_LENGTH = 1024;
const OPERAND = /^(\d{1,15})(?:\.(\d{1,15}))?(?:\.(\d{1,15}))?(-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;

/** One condition, such as `~> 1.2`. */
interface Condition {
  readonly operator: Operator;
  /** With the numbers that were left out as 0. */
  readonly operand: Version;
  /** How many numbers were written. */
  readonly written: number;
}

/** What a `version` argument asks for: all conditions at once. */
export interface Constraints {
  /** As it was written. */
  readonly text: string;
  readonly conditions: readonly Condition[];
}

/**
 * Reads Terraform's constraint syntax: `=`, `!=`, `>`, `>=`, `<`, `<=`, `~>` or none (as `=`), each with a version of one
 * to three numbers, separated by commas. Throws `VersionError` VERSION_CONSTRAINT_MALFORMED.
 */
export function parseConstraints(text: string): Constraints {
  if (text.length > MAX_LENGTH) throw malformed(text, `it is longer than ${MAX_LENGTH} characters`);
  return { text: text.trim(), conditions: text.split(",").map((part) => condition(part.trim(), text)) };
}

/** All conditions of several texts at once, as for several declarations of one source. Throws as `parseConstraints`. */
export function joinConstraints(texts: readonly string[]): Constraints {
  const each = [...new Set(texts.map((text) => text.trim()))].sort().map(parseConstraints);
  return { text: each.map(({ text }) => text).join(", "), conditions: each.flatMap(({ conditions }) => conditions) };
}

/**
 * Whether a version meets all conditions; without any, every release does. A pre-release is chosen only by name, so it
 * must stand behind `=`, and no condition but `=` and `!=` may be beside that.
 */
export function satisfies(version: Version, constraints: Constraints): boolean {
  const { conditions } = constraints;
  if (version.prerelease.length > 0) {
    const isNamed = conditions.some(({ operator }) => operator === "=");
    if (!isNamed || conditions.some(({ operator }) => operator !== "=" && operator !== "!=")) return false;
  }
  return conditions.every((one) => meets(version, one));
}

/** Whether the constraints allow this one version and no other. */
export function isExact(constraints: Constraints): boolean {
  return constraints.conditions.some(({ operator }) => operator === "=");
}

/** The newest of the versions that meets the constraints; undefined where none does. */
export function newest<T extends Version>(versions: readonly T[], constraints: Constraints): T | undefined {
  return versions
    .filter((version) => satisfies(version, constraints))
    .reduce<T | undefined>(
      (best, one) => (best === undefined || compareVersions(one, best) > 0 ? one : best),
      undefined,
    );
}

function meets(version: Version, { operator, operand, written }: Condition): boolean {
  const order = compareVersions(version, operand);
  switch (operator) {
    case "=":
      return order === 0;
    case "!=":
      return order !== 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case "~>":
      return order >= 0 && operand.prerelease.length === 0 && agrees(version, operand, Math.max(written - 1, 1));
  }
}

/** Whether the first numbers are the same: all but the last that was written, but the first in any case. */
function agrees(version: Version, operand: Version, count: number): boolean {
  return operand.numbers.slice(0, count).every((number, at) => number === version.numbers[at]);
}

function condition(part: string, whole: string): Condition {
  const operator = OPERATORS.find((one) => part.startsWith(one));
  const text = part.slice(operator?.length ?? 0).trim();
  if (text === "") throw malformed(whole, part === "" ? "a condition is empty" : `no version is behind ${quote(part)}`);
  const match = OPERAND.exec(text);
  if (match === null) throw malformed(whole, `${quote(text)} is not a version`, hintFor(part, text));
  const [, major = "0", minor, patch, prerelease = ""] = match;
  try {
    const numbers = [major, minor ?? "0", patch ?? "0"].map((number) => String(Number(number))).join(".");
    return {
      operator: operator ?? "=",
      operand: parseVersion(`${numbers}${prerelease}`),
      written: [major, minor, patch].filter((number) => number !== undefined).length,
    };
  } catch (cause) {
    throw malformed(whole, `${quote(text)} is not a version`, undefined, cause);
  }
}

function hintFor(part: string, text: string): string | undefined {
  if (part.startsWith("=<") || part.startsWith("=>")) return `Write the operator as "${part.charAt(1)}=".`;
  if (part.startsWith("^") || part.startsWith("~")) return 'The operator that lets the last number rise is "~>".';
  if (/^v\d/.test(text)) return "Write the version without the v.";
  if (/\s/.test(text)) return 'Separate conditions by commas: ">= 1.2, < 2.0".';
  return /[x*]/i.test(text) ? 'There are no placeholders: write "~> 1.2" for 1.2 and all that follow in 1.' : undefined;
}

function malformed(text: string, what: string, hint?: string, cause?: unknown): VersionError {
  return new VersionError("VERSION_CONSTRAINT_MALFORMED", `the version constraint ${quote(text)}: ${what}`, {
    remedy: hint ?? 'Write for example "~> 1.2", ">= 1.2.0, < 2.0.0" or "= 1.2.3".',
    ...(cause !== undefined && { cause }),
  });
}

import { quote } from "../../base/quote.js";
import { VersionError } from "./version-error.js";

/** A longer text is no version, and need not be matched. */
const MAX_LENGTH = 128;
/** https://semver.org, with each number short enough to be exact. */
const FORM =
  /^(0|[1-9]\d{0,14})\.(0|[1-9]\d{0,14})\.(0|[1-9]\d{0,14})(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;
const NUMBER = /^\d+$/;

/** A version of a package. */
export interface Version {
  /** As it was written. */
  readonly text: string;
  readonly numbers: readonly [major: number, minor: number, patch: number];
  /** The parts of the pre-release; empty for a release. Build metadata says nothing of the order. */
  readonly prerelease: readonly string[];
}

/** Reads `MAJOR.MINOR.PATCH[-PRERELEASE][+BUILD]`. Throws `VersionError` VERSION_MALFORMED. */
export function parseVersion(text: string): Version {
  const match = text.length > MAX_LENGTH ? null : FORM.exec(text);
  const prerelease = match?.[4]?.split(".") ?? [];
  if (match === null || prerelease.some((part) => /^0\d+$/.test(part))) throw malformed(text);
  return { text, numbers: [Number(match[1]), Number(match[2]), Number(match[3])], prerelease };
}

/** Less than zero where `a` comes before `b`, more where behind, zero where they are of the same precedence. */
export function compareVersions(a: Version, b: Version): number {
  for (const [at, number] of a.numbers.entries()) {
    const other = b.numbers[at] ?? 0;
    if (number !== other) return number - other;
  }
  return comparePrereleases(a.prerelease, b.prerelease);
}

function comparePrereleases(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length;
  for (const [at, part] of a.entries()) {
    const other = b[at];
    if (other === undefined) return 1;
    if (part !== other) return compareParts(part, other);
  }
  return a.length - b.length;
}

/** Numbers come before words. They may be longer than JavaScript's: so by their length, then by their digits. */
function compareParts(a: string, b: string): number {
  const [isNumber, isOtherNumber] = [NUMBER.test(a), NUMBER.test(b)];
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
  if (isNumber && a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : 1;
}

function malformed(text: string): VersionError {
  const remedy = /^v\d/.test(text)
    ? `Write it without the v: ${text.slice(1, MAX_LENGTH)}`
    : "Write MAJOR.MINOR.PATCH, such as 1.4.0 or 2.0.0-beta1.";
  return new VersionError("VERSION_MALFORMED", `${quote(text)} is not a version`, { remedy });
}

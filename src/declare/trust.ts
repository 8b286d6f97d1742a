import { quote } from "../base/quote.js";
import { remedyForUnknown } from "../base/nearest.js";
import type { SourceLocation } from "../protocol/airlock-error.js";
import { badValue, filledText, filledItems, oneOf, wholeNumber } from "./argument-values.js";
import type { Written } from "./argument-values.js";
import type { SettingsBlock } from "./block.js";
import { kindOf } from "./literal.js";

/** What evidence a signature needs. */
export const TRANSPARENCY = ["required", "none"] as const;
/** Signers that can be asked for at once. */
const MAX_THRESHOLD = 20;
/** Where a `*` stands for any run of characters. */
const MAX_PATTERN = 512;

/** An identity that may sign, as written: exactly one of `subject` and `subjectPattern`. */
export interface DeclaredIdentity {
  readonly issuer: string;
  readonly subject?: string;
  readonly subjectPattern?: string;
}

/** A `trust` block of `airlock.hcl`: who has to have signed what comes from sources of a pattern. */
export interface TrustDeclaration {
  /** A source in its full form; `*` stands for any run of characters. */
  readonly pattern: string;
  readonly identities: readonly DeclaredIdentity[];
  /** Files with public keys, relative to the folder of `airlock.hcl`. */
  readonly keys: readonly string[];
  /** Different signers that are needed. */
  readonly threshold: number;
  readonly transparency: (typeof TRANSPARENCY)[number];
  /** A file, relative to the folder of `airlock.hcl`; null = the public-good instance. */
  readonly trustedRoot: string | null;
  readonly location: SourceLocation;
}

type Parts = Partial<Omit<TrustDeclaration, "pattern" | "location">>;

const ARGUMENTS: ReadonlyMap<string, (written: Written) => Parts> = new Map([
  ["identities", (written: Written): Parts => ({ identities: filledItems(written).map(identity) })],
  ["keys", (written: Written): Parts => ({ keys: filledItems(written).map(filledText) })],
  ["threshold", (written: Written): Parts => ({ threshold: wholeNumber(written, 1, MAX_THRESHOLD) })],
  ["transparency", (written: Written): Parts => ({ transparency: oneOf(written, TRANSPARENCY) })],
  ["trusted_root", (written: Written): Parts => ({ trustedRoot: filledText(written) })],
]);

/** What a `trust` block means. Throws `DeclareError` DECLARE_BAD_NAME, DECLARE_BAD_VALUE, DECLARE_UNKNOWN_ARGUMENT. */
export function interpretTrust(block: SettingsBlock): TrustDeclaration {
  const { source, offset, label } = block;
  if (label === null || label === "" || label.length > MAX_PATTERN || /\s/.test(label)) {
    throw source.error("DECLARE_BAD_NAME", offset, "a trust block has one label: the sources that it is for", {
      remedy: 'Write: trust "registry.example.com/acme/*" { … }',
    });
  }
  const parts = readParts(block, ARGUMENTS);
  const { identities = [], keys = [], threshold = 1 } = parts;
  const signers = identities.length + keys.length;
  if (signers === 0) {
    throw source.error("DECLARE_BAD_VALUE", offset, "a trust block names nobody who may sign", {
      remedy: 'Add keys = ["acme.pub"], or identities = [{ issuer = "…", subject = "…" }].',
    });
  }
  // One pattern can stand for many signers.
  if (threshold > signers && identities.every(({ subjectPattern }) => subjectPattern === undefined)) {
    throw source.error("DECLARE_BAD_VALUE", offset, `threshold: ${threshold} signers are asked for, ${signers} named`);
  }
  return {
    pattern: label,
    identities,
    keys,
    threshold,
    // Whoever signs with a key of their own need not have a log; what an identity did is seen in one.
    transparency: parts.transparency ?? (identities.length > 0 ? "required" : "none"),
    trustedRoot: parts.trustedRoot ?? null,
    location: source.locate(offset),
  };
}

/** What the arguments of a block say, together. Throws for unknown names, and what the readers throw. */
export function readParts<T extends object>(
  { source, keyword, arguments: args }: SettingsBlock,
  readers: ReadonlyMap<string, (written: Written) => T>,
): Partial<T> {
  const seen = new Set<string>();
  let parts: Partial<T> = {};
  for (const { name, offset, value: literal } of args) {
    const reader = readers.get(name);
    if (reader === undefined) {
      const remedy = remedyForUnknown(name, [...readers.keys()]);
      throw source.error("DECLARE_UNKNOWN_ARGUMENT", offset, `there is no argument ${quote(name)} in ${keyword}`, {
        remedy,
      });
    }
    if (seen.has(name)) {
      throw source.error("DECLARE_DUPLICATE_ARGUMENT", offset, `the argument ${quote(name)} is here twice`);
    }
    seen.add(name);
    parts = { ...parts, ...reader({ argument: name, literal, source }) };
  }
  return parts;
}

function identity(written: Written): DeclaredIdentity {
  const { literal } = written;
  if (literal.kind !== "object") throw badValue(written, `an object is wanted, not ${kindOf(literal)}`, EXAMPLE);
  const texts = new Map(
    literal.entries.map(({ key, value }) => [key, filledText({ ...written, literal: value })] as const),
  );
  const unknown = [...texts.keys()].find((key) => !IDENTITY_KEYS.includes(key));
  if (unknown !== undefined) throw badValue(written, `there is no ${quote(unknown)} in an identity`, EXAMPLE);
  const [issuer, subject, subjectPattern] = IDENTITY_KEYS.map((key) => texts.get(key));
  if (texts.size < literal.entries.length) throw badValue(written, "a key is here twice", EXAMPLE);
  if (issuer === undefined || (subject === undefined) === (subjectPattern === undefined)) {
    throw badValue(written, "an identity has an issuer, and either a subject or a subject_pattern", EXAMPLE);
  }
  return { issuer, ...(subject !== undefined && { subject }), ...(subjectPattern !== undefined && { subjectPattern }) };
}

const IDENTITY_KEYS: readonly string[] = ["issuer", "subject", "subject_pattern"];
const EXAMPLE = 'Write { issuer = "https://…", subject = "…" }.';

/** A shorter secret is searched for as a whole string only: inside other strings it would match by chance. */
export const MIN_CONTAINED_LENGTH = 6;

/** Base64 of fewer bytes than this, met inside other base64, says too little to be told from chance. */
const MIN_ENCODED_BYTES = 8;

/** The forms in which a copy of a secret turns up elsewhere in a plan. */
export interface SecretForms {
  /** A string that equals one of these is a copy. */
  readonly whole: readonly string[];
  /** A string that contains one of these holds a copy; each has at least `MIN_CONTAINED_LENGTH` UTF-16 units. */
  readonly contained: readonly string[];
}

/** JSON text of the secret without quotes, as it stands inside `jsonencode`, which also escapes `<`, `>` and `&`. */
function jsonForms(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const escapes: Record<string, string> = { "<": "\\u003c", ">": "\\u003e", "&": "\\u0026" };
  return [json, json.replace(/[<>&]/g, (character) => escapes[character] ?? character)];
}

function urlForms(secret: string): string[] {
  try {
    const encoded = encodeURIComponent(secret);
    return [encoded, encoded.replaceAll("%20", "+")];
  } catch {
    // A lone surrogate has no URL form.
    return [];
  }
}

/**
 * The part of the base64 of `…secret…` that does not depend on the bytes around it, for a secret that starts at byte
 * 0, 1 or 2 of a group of three. So a secret inside a longer text that was encoded as a whole is found too.
 */
function base64Cores(bytes: Buffer): string[] {
  return [0, 1, 2].map((offset) => {
    const shifted = Buffer.concat([Buffer.alloc(offset), bytes]);
    const firstOwn = Math.ceil((offset * 8) / 6);
    const lastOwn = Math.floor((shifted.length * 8) / 6);
    return shifted.toString("base64").slice(firstOwn, lastOwn);
  });
}

function toUrlAlphabet(base64: string): string {
  return !/[+/]/.test(base64) ? base64 : base64.replaceAll("+", "-").replaceAll("/", "_");
}

/** All forms of one secret string; the empty string has none. */
export function secretForms(secret: string): SecretForms {
  if (secret === "") {
    return { whole: [], contained: [] };
  }
  const bytes = Buffer.from(secret, "utf8");
  const base64 = bytes.toString("base64");
  const hex = bytes.toString("hex");
  const trimmed = secret.trim();
  const readable = [secret, ...(trimmed === "" ? [] : [trimmed]), ...jsonForms(secret), ...urlForms(secret)];
  const encoded = [base64, base64.replace(/=+$/, ""), hex, hex.toUpperCase()];
  const whole = new Set([...readable, ...encoded, ...encoded.map(toUrlAlphabet)]);
  if (secret.length < MIN_CONTAINED_LENGTH) {
    return { whole: [...whole], contained: [] };
  }
  const contained = new Set([...readable, hex, hex.toUpperCase()]);
  for (const core of bytes.length >= MIN_ENCODED_BYTES ? base64Cores(bytes) : [base64]) {
    contained.add(core);
    contained.add(toUrlAlphabet(core));
  }
  return {
    // In a long one's forms one of those that are searched for is contained.
    whole: [...whole].filter((form) => bytes.length < MIN_ENCODED_BYTES || form.length < MIN_CONTAINED_LENGTH),
    contained: [...contained].filter((form) => form.length >= MIN_CONTAINED_LENGTH),
  };
}

import { overBounds } from "../../../protocol/json.js";
import { JsonMembers } from "./json-members.js";
import { MAX_DEPTH, MAX_VALUES } from "./limits.js";

/** The key of ours in a resource's private bytes. */
export const PRIVATE_KEY = "airlock";
const FORMAT = 1;

/** Bounds of what we read from and write into private bytes, in bytes. */
export interface PrivateLimits {
  /** All private bytes of one resource; larger ones are left as they are. */
  readonly totalBytes: number;
  /** The JSON text of our entry. */
  readonly entryBytes: number;
}

export const DEFAULT_PRIVATE_LIMITS: PrivateLimits = { totalBytes: 4 * 1024 * 1024, entryBytes: 256 * 1024 };

/** What stands under our key. */
export type PrivateEntry =
  | { readonly kind: "none" }
  /** `entry` is what was stored; whoever uses it checks its form, since a state can be edited. */
  | { readonly kind: "entry"; readonly entry: unknown }
  /** Something that we did not write, or damaged; it stays where it is. */
  | { readonly kind: "foreign" };

/** What became of an entry that was to be stored. */
export type PrivateWrite =
  | { readonly kind: "stored"; readonly bytes: Uint8Array }
  /** The provider's bytes are no JSON object, or over the limit: there is nowhere to store it. */
  | { readonly kind: "nowhere" }
  /** Something that we did not write stands under our key. */
  | { readonly kind: "foreign" }
  /** The entry is over `entryBytes`, or the result over `totalBytes`. */
  | { readonly kind: "too-large" };

/** What the provider had written: an object, or nothing that could hold a key. */
type Origin = "empty" | "null" | "object";

interface Envelope {
  readonly origin: Origin;
  readonly entry: unknown;
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** JSON within bounds; undefined for everything else. */
function parse(bytes: Uint8Array): unknown {
  try {
    const text = UTF8.decode(bytes);
    return overBounds(text, MAX_DEPTH, MAX_VALUES) === null ? (JSON.parse(text) as unknown) : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const BACKSLASH = 0x5c;

/** Whether our key can stand there at all, which a look at the bytes tells for nearly all that hold none. */
function canHoldKey(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return text.includes(PRIVATE_KEY) || text.includes(BACKSLASH);
}

/** The members of private bytes that are a JSON object; else whether they are one of the forms of nothing. */
function look(bytes: Uint8Array, limits: PrivateLimits): JsonMembers | "empty" | "null" | "other" {
  if (bytes.length === 0) return "empty";
  if (bytes.length > limits.totalBytes) return "other";
  const json = parse(bytes);
  if (isObject(json)) return new JsonMembers(bytes);
  // Only these very bytes can be given back from one word.
  return json === null && bytes.length === 4 ? "null" : "other";
}

const ORIGINS: ReadonlySet<unknown> = new Set<Origin>(["empty", "null", "object"]);

function isOrigin(value: unknown): value is Origin {
  return ORIGINS.has(value);
}

/** A JSON string of nothing but what base64 is made of, which needs no parser. */
const BASE64_TEXT = /^"[A-Za-z0-9+/=]*"$/;

/** Our envelope from the text of a member's value; null when it is not of the form that `store` writes. */
function openEnvelope(valueText: string): Envelope | null {
  const value = BASE64_TEXT.test(valueText) ? valueText.slice(1, -1) : parse(Buffer.from(valueText));
  if (typeof value !== "string") return null;
  const bytes = Buffer.from(value, "base64");
  // Node reads base64 leniently; what does not come out again as it went in was not written by us.
  const json = bytes.toString("base64") === value ? parse(bytes) : undefined;
  if (!isObject(json)) return null;
  const parts = new Map<string, unknown>(Object.entries(json));
  const origin = parts.get("was");
  if (parts.get("v") !== FORMAT || parts.size !== 3 || !parts.has("entry") || !isOrigin(origin)) return null;
  return { origin, entry: parts.get("entry") };
}

/** What stands under our key, with all that stands beside it. */
interface Found {
  readonly members: JsonMembers;
  readonly envelope: Envelope | "foreign";
}

/** null: there is no such key. */
function find(bytes: Uint8Array, limits: PrivateLimits): Found | null {
  const members = canHoldKey(bytes) ? look(bytes, limits) : null;
  if (!(members instanceof JsonMembers)) return null;
  const valueText = members.valueText(PRIVATE_KEY);
  if (valueText === null) return null;
  const envelope = members.count(PRIVATE_KEY) > 1 ? "foreign" : (openEnvelope(valueText) ?? "foreign");
  return { members, envelope };
}

/** By the very bytes, which nobody changes: one call looks at the same ones several times. */
const found = new WeakMap<Uint8Array, Found | null>();

function foundIn(bytes: Uint8Array, limits: PrivateLimits): Found | null {
  if (limits !== DEFAULT_PRIVATE_LIMITS) return find(bytes, limits);
  const known = found.get(bytes);
  if (known !== undefined) return known;
  const now = find(bytes, limits);
  found.set(bytes, now);
  return now;
}

/** Our entry in a resource's private bytes. Never throws: damaged bytes are `foreign` or `none`. */
export function readPrivate(bytes: Uint8Array, limits: PrivateLimits = DEFAULT_PRIVATE_LIMITS): PrivateEntry {
  const { envelope = null } = foundIn(bytes, limits) ?? {};
  if (envelope === null) return { kind: "none" };
  return envelope === "foreign" ? { kind: "foreign" } : { kind: "entry", entry: envelope.entry };
}

/**
 * The private bytes as the provider wrote them, without our entry; what is not ours stays. When the provider has
 * rewritten the object since, its own keys stay as it wrote them. Never throws.
 */
export function withoutPrivate(bytes: Uint8Array, limits: PrivateLimits = DEFAULT_PRIVATE_LIMITS): Uint8Array {
  const { members, envelope } = foundIn(bytes, limits) ?? {};
  if (members === undefined || envelope === undefined || envelope === "foreign") return bytes;
  const rest = members.without(PRIVATE_KEY);
  if (envelope.origin === "object" || !new JsonMembers(rest).isEmpty) return rest;
  return envelope.origin === "null" ? Buffer.from("null") : new Uint8Array(0);
}

/**
 * The private bytes with `entry` (plain JSON data) under our key, in place of an earlier entry; all else byte for byte.
 * The value is base64 of JSON, the form in which the plug-in framework keeps a provider's own keys, so that it carries
 * ours along. Throws nothing but what `JSON.stringify` throws for an entry that is no JSON data.
 */
export function withPrivate(
  bytes: Uint8Array,
  entry: unknown,
  limits: PrivateLimits = DEFAULT_PRIVATE_LIMITS,
): PrivateWrite {
  if (readPrivate(bytes, limits).kind === "foreign") return { kind: "foreign" };
  const original = withoutPrivate(bytes, limits);
  const members = look(original, limits);
  if (members === "other") return { kind: "nowhere" };
  const origin = members instanceof JsonMembers ? "object" : members;
  const envelope = Buffer.from(JSON.stringify({ v: FORMAT, was: origin, entry }));
  if (envelope.length > limits.entryBytes) return { kind: "too-large" };
  const holder = members instanceof JsonMembers ? members : new JsonMembers(Buffer.from("{}"));
  const stored = holder.with(PRIVATE_KEY, `"${envelope.toString("base64")}"`);
  return stored.length > limits.totalBytes ? { kind: "too-large" } : { kind: "stored", bytes: stored };
}

import * as v from "valibot";
import { isAbsolute } from "node:path";
import { quote } from "../../../base/quote.js";
import { parseJson } from "../../../protocol/json.js";
import { ProviderError } from "./provider-error.js";
import { parseSource } from "./source-address.js";
import type { CoreName } from "./source-address.js";

/** The variable by which core is told of providers that run already. */
export const REATTACH_VARIABLE = "TF_REATTACH_PROVIDERS";
/** No environment variable of Linux may be longer (MAX_ARG_STRLEN). */
const MAX_BYTES = 128 * 1024;

/** The versions of the provider protocol that core and we speak. */
export type ProtocolVersion = 5 | 6;

/** Where a provider listens. */
export type ProviderAddress =
  | { readonly network: "unix"; readonly path: string }
  | { readonly network: "tcp"; readonly host: string; readonly port: number };

/** One provider that runs already, as core is told of it. */
export interface ReattachEntry {
  readonly protocol: ProtocolVersion;
  /** Of ours: never our own process, see `StandIn`. */
  readonly pid: number;
  readonly address: ProviderAddress;
}

/** Go reads `Addr` and the rest like this; names that it does not know it passes over. */
const Entry = v.object({
  Protocol: v.literal("grpc"),
  // Old SDKs leave the version out, or say 0, and mean 5 (OpenTofu, `unmanagedProviderFactory`).
  ProtocolVersion: v.optional(v.picklist([0, 5, 6]), 0),
  Pid: v.optional(v.pipe(v.number(), v.integer()), 0),
  Addr: v.object({ Network: v.picklist(["unix", "tcp"]), String: v.pipe(v.string(), v.minLength(1)) }),
});
const Entries = v.record(v.string(), v.unknown());

/**
 * What the user set in `TF_REATTACH_PROVIDERS`, by full source address; nothing when it is not set or empty.
 * Throws `ProviderError` PROVIDER_REATTACH, also for a TCP address on another machine.
 */
export function parseReattach(text: string | undefined, core: CoreName): ReadonlyMap<string, ReattachEntry> {
  const entries = new Map<string, ReattachEntry>();
  for (const [key, raw] of Object.entries(rawEntries(text))) {
    const entry = v.safeParse(Entry, raw);
    if (!entry.success) {
      const where = v.getDotPath(entry.issues[0]) ?? "it";
      throw invalid(`the entry of ${quote(key)} is not of its form: ${where}`);
    }
    const { ProtocolVersion: protocol, Pid: pid, Addr } = entry.output;
    entries.set(parseSource(key, core).text, {
      protocol: protocol === 0 ? 5 : protocol,
      pid,
      address: parseAddress(Addr.Network, Addr.String) ?? unusable(key),
    });
  }
  return entries;
}

/**
 * The value of `TF_REATTACH_PROVIDERS` for core: our entries, and those of the user's value for other providers, as
 * they were. Throws as `parseReattach` does.
 */
export function reattachValue(
  entries: ReadonlyMap<string, ReattachEntry>,
  userValue: string | undefined,
  core: CoreName,
): string {
  const result = new Map<string, unknown>();
  for (const [key, raw] of Object.entries(rawEntries(userValue))) {
    if (!entries.has(parseSource(key, core).text)) result.set(key, raw);
  }
  for (const [source, { protocol, pid, address }] of entries) {
    const Addr =
      address.network === "unix"
        ? { Network: "unix", String: address.path }
        : { Network: "tcp", String: hostAndPort(address.host, address.port) };
    // Test: core must not kill the process that it is told of, for that one is ours.
    result.set(source, { Protocol: "grpc", ProtocolVersion: protocol, Pid: pid, Test: true, Addr });
  }
  return JSON.stringify(Object.fromEntries(result));
}

/** Undefined for a relative path, and for what is not a port of this machine: providers are spoken to in the clear. */
export function parseAddress(network: string, text: string): ProviderAddress | undefined {
  if (network === "unix") return isAbsolute(text) && !text.includes("\0") ? { network, path: text } : undefined;
  if (network !== "tcp") return undefined;
  const [, host = "", digits = ""] = /^(127(?:\.[0-9]{1,3}){3}|localhost|\[::1\]):([0-9]{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (host === "" || port < 1 || port > 65_535) return undefined;
  return { network, host: host.replace(/[[\]]/g, ""), port };
}

function hostAndPort(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

function rawEntries(text: string | undefined): Readonly<Record<string, unknown>> {
  if (text === undefined || text === "") return {};
  let value: unknown;
  try {
    value = parseJson(text, MAX_BYTES);
  } catch (cause) {
    throw invalid("it is not JSON, or holds what nobody can mean", cause);
  }
  const entries = v.safeParse(Entries, value);
  if (!entries.success || Array.isArray(value)) throw invalid("it is no object by provider address");
  return entries.output;
}

function unusable(key: string): never {
  throw invalid(`the address of ${quote(key)} is no absolute path of a socket and no TCP port of this machine`);
}

function invalid(what: string, cause?: unknown): ProviderError {
  return new ProviderError("PROVIDER_REATTACH", `${REATTACH_VARIABLE} cannot be used: ${what}`, {
    ...(cause !== undefined && { cause }),
    remedy: `Set it to what the provider printed when it was started for debugging, or unset it.`,
  });
}

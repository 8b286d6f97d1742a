import { quote } from "../../../base/quote.js";
import { ProviderError } from "./provider-error.js";

/** Which program core is; it decides default hosts and where settings are looked for. */
export type CoreName = "tofu" | "terraform";

const DEFAULT_HOSTS: Readonly<Record<CoreName, string>> = {
  tofu: "registry.opentofu.org",
  terraform: "registry.terraform.io",
};
/** Where providers live that are a part of core (`addrs.BuiltInProviderHost`). */
const BUILT_IN_HOST = "terraform.io";

/** Letters and digits of any script, with single dashes and underscores inside, as core has it (`ParseProviderPart`). */
const PART = /^[\p{Ll}\p{Lo}\p{Lm}\p{M}\p{N}]+(?:[-_][\p{Ll}\p{Lo}\p{Lm}\p{M}\p{N}]+)*$/u;
const HOST = /^[\p{Ll}\p{Lo}\p{Lm}\p{M}\p{N}-]+(?:\.[\p{Ll}\p{Lo}\p{Lm}\p{M}\p{N}-]+)*(?::[0-9]{1,5})?$/u;
const MAX_LENGTH = 512;

/** A provider's address, in its full and normal form. */
export interface SourceAddress {
  readonly host: string;
  readonly namespace: string;
  readonly type: string;
  /** `host/namespace/type`, as lock files and reattach settings spell it. */
  readonly text: string;
}

/**
 * Completes `time`, `hashicorp/time` or a full address as core does. No part of the result can leave a folder when it
 * is used in a path. Throws `ProviderError` PROVIDER_SOURCE.
 */
export function parseSource(text: string, core: CoreName): SourceAddress {
  const parts = text.length > MAX_LENGTH ? [] : text.toLowerCase().split("/");
  const [host, namespace, type] = [...[DEFAULT_HOSTS[core], "hashicorp"].slice(0, 3 - parts.length), ...parts];
  if (parts.length > 3 || host === undefined || namespace === undefined || type === undefined) throw invalid(text);
  if (!HOST.test(host) || !PART.test(namespace) || !PART.test(type)) throw invalid(text);
  return { host, namespace, type, text: `${host}/${namespace}/${type}` };
}

/** Whether the provider is a part of core, and so nothing to find or start. */
export function isBuiltIn(source: SourceAddress): boolean {
  return source.host === BUILT_IN_HOST;
}

function invalid(text: string): ProviderError {
  return new ProviderError("PROVIDER_SOURCE", `${quote(text)} is no provider source address`, {
    remedy: "Write it as namespace/type, or as host/namespace/type.",
  });
}

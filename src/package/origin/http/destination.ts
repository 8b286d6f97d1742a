import { shorten } from "../../../base/neutralise.js";
import { RegistryError } from "../registry-error.js";

const MAX_PLACE = 200;

/** Whether a host name is of this machine. */
export function isLoopback(hostname: string): boolean {
  return /^(?:localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

/** A URL for messages: without its query, in which storage services put what lets anybody in. */
export function placeOf(url: URL): string {
  return shorten(`${url.origin}${url.pathname}`, MAX_PLACE);
}

/** An absolute or relative URL. Throws `RegistryError` REGISTRY_RESPONSE_INVALID when it is none, or holds credentials. */
export function resolveUrl(text: string, base: URL): URL {
  const url = URL.canParse(text, base.href) ? new URL(text, base) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "") return url;
  throw new RegistryError("REGISTRY_RESPONSE_INVALID", `${placeOf(base)} names a URL that cannot be used`, {
    remedy: "Tell those who run it: it must be an http or https URL without a user name in it.",
  });
}

/**
 * Holds a request to TLS. What was reached without (a host of this machine, or one for which the user set such a URL) may
 * lead to itself without, and within this machine. Throws `RegistryError` REGISTRY_INSECURE.
 */
export function checkDestination(url: URL, home: URL): void {
  if (url.protocol === "https:") return;
  const isHome = url.host === home.host || (isLoopback(url.hostname) && isLoopback(home.hostname));
  if (home.protocol === "http:" && isHome) return;
  throw new RegistryError("REGISTRY_INSECURE", `${placeOf(url)} is asked for without TLS`, {
    remedy: "Use https. Only hosts of this machine, and services that the CLI configuration sets, may do without.",
  });
}

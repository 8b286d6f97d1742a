import { quote } from "../base/quote.js";

const PRIVATE = "private:";
const PLAIN = "http://";
const MAX_PORT = 65_535;
const MAX_PATH_LENGTH = 1_024;

/** One item of the grant `hosts`, taken apart. */
export interface HostGrant {
  readonly protocol: "https:" | "http:";
  /** As a URL has it: lower case, IPv6 in brackets. */
  readonly hostname: string;
  readonly port: number;
  /** The name may lead to an address of a private network or of this machine. */
  readonly mayBePrivate: boolean;
}

/**
 * `[private:][http://]HOST:PORT`, or what is wrong with it. The host has the one form that a URL parser gives it, so
 * that no two spellings of a host can be told apart here and meant the same there.
 */
export function parseHostGrant(item: string): HostGrant | { readonly problem: string } {
  const mayBePrivate = item.startsWith(PRIVATE);
  const afterPrivate = mayBePrivate ? item.slice(PRIVATE.length) : item;
  const isPlain = afterPrivate.startsWith(PLAIN);
  const place = isPlain ? afterPrivate.slice(PLAIN.length) : afterPrivate;
  const problem = (what: string) => ({ problem: `${quote(item)} ${what}` });
  if (place.includes("/")) {
    return problem('has more than a host and a port; write "api.example.com:443", or "http://HOST:PORT" for no TLS');
  }
  const match = /^(.*):(\d{1,5})$/.exec(place);
  const [, hostname = "", digits = ""] = match ?? [];
  const port = Number(digits);
  if (match === null || port < 1 || port > MAX_PORT) {
    return problem('has no port; write host and port, such as "api.example.com:443"');
  }
  if (hostname.includes("*")) return problem("has a wildcard; each host is granted by its own name");
  const canonical = canonicalHost(hostname);
  if (canonical === null) return problem("names no host that a URL can have");
  if (canonical !== hostname) return problem(`must be written as URLs have it: ${quote(`${canonical}:${port}`)}`);
  return { protocol: isPlain ? "http:" : "https:", hostname, port, mayBePrivate };
}

/** What a URL parser makes of a host; null when it makes none, or less than all of it. */
function canonicalHost(hostname: string): string | null {
  if (hostname === "" || /[\s@?#\\%]/.test(hostname)) return null;
  try {
    const found = new URL(`http://${hostname}:1/`).hostname;
    return found.endsWith(".") ? found.replace(/\.+$/, "") : found;
  } catch {
    return null;
  }
}

/** What is wrong with an item of the grant `files`; null when nothing is. It names a file below the declaring folder. */
export function fileGrantProblem(item: string): string | null {
  const problem = (what: string): string => `${quote(item)} ${what}`;
  if (item.length > MAX_PATH_LENGTH) return problem(`is over ${MAX_PATH_LENGTH} characters`);
  if (/[\u0000-\u001f\\]/.test(item)) return problem('holds what no granted path may; write "./prices.json"');
  if (item.startsWith("/") || /^[A-Za-z]:/.test(item)) {
    return problem('is absolute; write it relative to the folder of the declaration, such as "./prices.json"');
  }
  const steps = item.replace(/^\.\//, "").split("/");
  if (steps.includes("..")) return problem("leads out of the folder of the declaration");
  if (steps.some((step) => step === "" || step === ".")) {
    return problem('names no file; write each one by its path, such as "./prices.json"');
  }
  if (steps.some((step) => step.includes("*"))) return problem("has a wildcard; each file is granted by its own path");
  return null;
}

const SENSITIVE_PATTERN = /^[A-Za-z0-9_*?-]{1,256}(?:\.[A-Za-z_][A-Za-z0-9_-]{0,255}){1,32}$/;

/**
 * What is wrong with an item of the grant `sensitive`; null when nothing is. The form is `TYPE.ATTRIBUTE`: a glob over
 * resource types (`*`, `?`), then attribute names from the outside in. Indexes are not written: an attribute inside a
 * list, set or map is meant in each of its elements. All below the attribute is meant with it.
 */
export function sensitiveGrantProblem(item: string): string | null {
  if (SENSITIVE_PATTERN.test(item)) return null;
  return `${quote(item)} is not of the form "TYPE.ATTRIBUTE", such as "aws_db_instance.password"`;
}

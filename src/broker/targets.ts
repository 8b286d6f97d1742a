import { isIP } from "node:net";
import { parseHostGrant } from "../protocol/grant-items.js";
import type { HostGrant } from "../protocol/grant-items.js";
import { RequestError } from "../protocol/request-error.js";
import type { Reach } from "./addresses.js";

const DEFAULT_PORTS = { "https:": 443, "http:": 80 } as const;

/** Where one HTTP request goes. */
export interface Target {
  readonly url: URL;
  /** Host and port, as they are granted. */
  readonly place: string;
  /** How far its name may lead; null for an address, which is granted by being written. */
  readonly reach: Reach | null;
}

/** The hosts that one integration may reach. */
export class Targets {
  readonly #grants: ReadonlyMap<string, HostGrant>;

  constructor(hosts: readonly string[]) {
    const parsed = hosts.map(parseHostGrant);
    this.#grants = new Map(
      parsed.flatMap((grant): [string, HostGrant][] => ("problem" in grant ? [] : [[placeOf(grant), grant]])),
    );
  }

  /**
   * The target of a URL. Throws `RequestError` REQUEST_INVALID for what is no HTTP URL, or has credentials in it, and
   * REQUEST_NOT_GRANTED. No message of it holds more of the URL than host and port.
   */
  at(text: string, base?: URL): Target {
    const url = parse(text, base);
    const { protocol } = url;
    if (protocol !== "https:" && protocol !== "http:") throw invalid("its URL is neither https nor http");
    if (url.username !== "" || url.password !== "") {
      throw invalid("its URL holds credentials", "send them as a header");
    }
    url.hash = "";
    const port = url.port === "" ? DEFAULT_PORTS[protocol] : Number(url.port);
    const place = placeOf({ protocol, hostname: url.hostname, port });
    const grant = this.#grants.get(place);
    if (grant === undefined) throw notGranted("hosts", place);
    return { url, place, reach: reachOf(grant) };
  }
}

/** REQUEST_NOT_GRANTED, with the line that would grant it. */
export function notGranted(grant: "hosts" | "files", item: string): RequestError {
  const shown = JSON.stringify(item);
  return new RequestError("REQUEST_NOT_GRANTED", `${shown} is not granted`, {
    remedy: `the declaration would need: grants = { ${grant} = [${shown}] }`,
  });
}

function placeOf({ protocol, hostname, port }: Pick<HostGrant, "protocol" | "hostname" | "port">): string {
  return `${protocol === "http:" ? "http://" : ""}${hostname}:${port}`;
}

function reachOf({ hostname, mayBePrivate }: HostGrant): Reach | null {
  if (hostname.startsWith("[") || isIP(hostname) !== 0) return null;
  if (hostname === "localhost") return "loopback";
  return mayBePrivate ? "private" : "public";
}

function parse(text: string, base: URL | undefined): URL {
  try {
    return new URL(text, base);
  } catch {
    throw invalid("its URL is none");
  }
}

function invalid(message: string, remedy?: string): RequestError {
  return new RequestError("REQUEST_INVALID", message, remedy === undefined ? {} : { remedy });
}

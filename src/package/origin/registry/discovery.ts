import { safeLine } from "../../../base/neutralise.js";
import type { HostSettings } from "../host-settings.js";
import type { HttpClient } from "../http/client.js";
import { isLoopback, placeOf, resolveUrl } from "../http/destination.js";
import { MAX_DOCUMENT_BYTES } from "../http/http-limits.js";
import { readDocument } from "../read-document.js";
import { RegistryError } from "../registry-error.js";
import { bearer } from "./bearer.js";
import { DISCOVERY_PATH, DiscoverySchema, SERVICE_ID } from "./documents.js";

/** `https://HOST/`; a host of this machine is asked without TLS. Throws `RegistryError` REGISTRY_REFERENCE_INVALID. */
export function hostUrl(host: string): URL {
  const text = `https://${host}/`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.host !== host.toLowerCase().replace(/:443$/, "") || url.pathname !== "/" || url.search !== "") {
    throw new RegistryError("REGISTRY_REFERENCE_INVALID", `"${safeLine(host, 100)}" is no name of a host`, {
      remedy: "Write it as NAME or NAME:PORT, such as registry.example.com.",
    });
  }
  return isLoopback(url.hostname) ? new URL(`http://${host}/`) : url;
}

/**
 * The base URL of a host's registry, which ends with a slash: what the CLI configuration sets for it, else what discovery
 * says. Rejects with `RegistryError` REGISTRY_NO_SERVICE, and those of requests.
 */
export async function discover(host: string, http: HttpClient, settings: HostSettings): Promise<URL> {
  const base = hostUrl(host);
  const set = settings.services(base.host);
  if (set !== undefined) {
    const service = set.get(SERVICE_ID);
    if (service === undefined) throw noService(host, "its block in the CLI configuration does not name it");
    return withSlash(resolveUrl(service, base));
  }
  const url = new URL(DISCOVERY_PATH, base);
  const authorization = bearer(base.host, settings);
  const answer = await http.request({
    url,
    home: base,
    authorization,
    maxBytes: MAX_DOCUMENT_BYTES,
    timeMs: http.limits.documentMs,
    accepts: [404],
  });
  if (answer.status === 404) throw noService(host, "it has no discovery document");
  const service = readDocument(answer.body, DiscoverySchema, placeOf(url))[SERVICE_ID];
  if (typeof service !== "string") throw noService(host, `it does not offer ${SERVICE_ID}`);
  return withSlash(resolveUrl(service, answer.url));
}

function withSlash(url: URL): URL {
  return url.pathname.endsWith("/") ? url : new URL(`${url.origin}${url.pathname}/`);
}

function noService(host: string, why: string): RegistryError {
  return new RegistryError("REGISTRY_NO_SERVICE", `${host} is no registry of integrations: ${why}`, {
    remedy: "Check the host of the source.",
  });
}

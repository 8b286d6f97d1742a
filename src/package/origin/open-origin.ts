import type { RemoteSource } from "../source/source.js";
import { sourceText } from "../source/source.js";
import { ArchiveOrigin } from "./archive-origin.js";
import { HttpClient } from "./http/client.js";
import { openMirror } from "./mirror/open-mirror.js";
import { OciClient } from "./oci/oci-client.js";
import { OciOrigin } from "./oci/oci-origin.js";
import type { OriginSettings, PackageOrigin } from "./origin.js";
import { discover } from "./registry/discovery.js";
import { HttpFiles } from "./registry/http-files.js";
import { RegistryOrigin } from "./registry/registry-origin.js";

/** What origins with the same settings share: connections, and what hosts said of their services. */
interface Shared {
  readonly http: HttpClient;
  readonly services: Map<string, Promise<URL>>;
}

const SHARED = new WeakMap<OriginSettings, Shared>();

/** The origin of a source. Nothing is asked before its first method is called. Origins with the same settings share what a host answered. */
export function openOrigin(source: RemoteSource, settings: OriginSettings): PackageOrigin {
  if (settings.mirror !== undefined) return openMirror(source, settings.mirror);
  const shared = SHARED.get(settings) ?? { http: new HttpClient(settings), services: new Map() };
  SHARED.set(settings, shared);
  switch (source.kind) {
    case "registry": {
      const { host, namespace, name } = source;
      const served = { host, package: `${namespace}/${name}`, base: () => serviceOf(host, shared, settings) };
      return new RegistryOrigin(sourceText(source), served.package, new HttpFiles(served, shared.http, settings));
    }
    case "oci":
      return new OciOrigin(source, new OciClient(source, shared.http, settings));
    case "archive":
      return new ArchiveOrigin(source, shared.http, settings);
  }
}

function serviceOf(host: string, { http, services }: Shared, settings: OriginSettings): Promise<URL> {
  const known = services.get(host) ?? discover(host, http, settings.hosts);
  services.set(host, known);
  return known;
}

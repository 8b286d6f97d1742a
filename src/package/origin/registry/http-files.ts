import type { OriginSettings, ReleaseArchive } from "../origin.js";
import type { HttpClient } from "../http/client.js";
import { placeOf, resolveUrl } from "../http/destination.js";
import { MAX_DOCUMENT_BYTES } from "../http/http-limits.js";
import { bearer } from "./bearer.js";
import { hostUrl } from "./discovery.js";
import { MAX_ARCHIVE_BYTES } from "./documents.js";
import type { RegistryFiles } from "./registry-files.js";

/** What serves one package over HTTP. */
interface Served {
  /** As the source names it; its credentials go to it and to no other. */
  readonly host: string;
  /** Of the registry, by discovery. */
  base(): Promise<URL>;
  /** `NAMESPACE/NAME`. */
  readonly package: string;
}

/** The files of one package behind HTTP. */
export class HttpFiles implements RegistryFiles {
  readonly #served: Served;
  readonly #http: HttpClient;
  readonly #settings: OriginSettings;

  constructor(served: Served, http: HttpClient, settings: OriginSettings) {
    this.#served = served;
    this.#http = http;
    this.#settings = settings;
  }

  async document(path: string): Promise<{ readonly bytes: Uint8Array; readonly place: string } | null> {
    const url = await this.#urlOf(path);
    const answer = await this.#http.request({
      url,
      home: await this.#served.base(),
      authorization: this.#authorization(),
      headers: { accept: "application/json" },
      maxBytes: MAX_DOCUMENT_BYTES,
      timeMs: this.#http.limits.documentMs,
      accepts: [404],
    });
    return answer.status === 404 ? null : { bytes: answer.body, place: placeOf(url) };
  }

  async locate(url: string, path: string): Promise<string> {
    return resolveUrl(url, await this.#urlOf(path)).href;
  }

  async archive({ url, size }: Pick<ReleaseArchive, "url" | "size">): Promise<Uint8Array> {
    const { onProgress } = this.#settings;
    const { body } = await this.#http.request({
      url: new URL(url),
      home: await this.#served.base(),
      authorization: this.#authorization(),
      maxBytes: MAX_ARCHIVE_BYTES,
      size,
      mayLeaveHost: true,
      timeMs: this.#http.limits.archiveMs,
      onBytes: (received, total) => onProgress?.({ url, received, total }),
    });
    return body;
  }

  /** A version may hold a `+`, which some servers take for a space. */
  async #urlOf(path: string): Promise<URL> {
    const parts = `${this.#served.package}/${path}`.split("/").map(encodeURIComponent);
    return new URL(parts.join("/"), await this.#served.base());
  }

  #authorization(): ReturnType<typeof bearer> {
    return bearer(hostUrl(this.#served.host).host, this.#settings.hosts);
  }
}

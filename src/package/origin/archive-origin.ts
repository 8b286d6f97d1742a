import type { ArchiveSource } from "../source/source.js";
import { checkDigest } from "./check-archive.js";
import type { HttpClient } from "./http/client.js";
import type { OriginSettings, PackageOrigin, PublishedVersion, Release, ReleaseArchive } from "./origin.js";
import { bearer } from "./registry/bearer.js";
import { MAX_ARCHIVE_BYTES } from "./registry/documents.js";

/** One archive at a URL, pinned by the source itself. What it is, only its bytes tell; signatures are not beside it. */
export class ArchiveOrigin implements PackageOrigin {
  readonly name: string;
  readonly #source: ArchiveSource;
  readonly #http: HttpClient;
  readonly #settings: OriginSettings;

  constructor(source: ArchiveSource, http: HttpClient, settings: OriginSettings) {
    this.name = source.url;
    this.#source = source;
    this.#http = http;
    this.#settings = settings;
  }

  versions(): Promise<readonly PublishedVersion[]> {
    return Promise.resolve([]);
  }

  release(): Promise<Release> {
    const { url, digest } = this.#source;
    const archive: ReleaseArchive = { platform: null, digest, size: null, url, bundles: [] };
    return Promise.resolve({ version: null, kind: null, yanked: null, archives: [archive] });
  }

  async fetch(archive: ReleaseArchive): Promise<Uint8Array> {
    const url = new URL(archive.url);
    const { onProgress } = this.#settings;
    const { body } = await this.#http.request({
      url,
      home: url,
      authorization: bearer(url.host, this.#settings.hosts),
      maxBytes: MAX_ARCHIVE_BYTES,
      mayLeaveHost: true,
      timeMs: this.#http.limits.archiveMs,
      onBytes: (received, total) => onProgress?.({ url: archive.url, received, total }),
    });
    checkDigest(body, archive);
    return body;
  }
}

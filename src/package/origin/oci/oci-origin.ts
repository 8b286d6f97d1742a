import { GUEST_KINDS } from "../../../protocol/guest-kind.js";
import { quote } from "../../../base/quote.js";
import type { OciSource } from "../../source/source.js";
import { sourceText } from "../../source/source.js";
import { checkDigest, checkSize } from "../check-archive.js";
import { placeOf, resolveUrl } from "../http/destination.js";
import { MAX_DOCUMENT_BYTES } from "../http/http-limits.js";
import type { PackageOrigin, PublishedVersion, Release, ReleaseArchive } from "../origin.js";
import { invalid, readDocument } from "../read-document.js";
import { ANY_PLATFORM, isVersion, MAX_ARCHIVE_BYTES } from "../registry/documents.js";
import { RegistryError } from "../registry-error.js";
import {
  ARCHIVE_KEY,
  ARCHIVE_TYPE,
  BUNDLE_TYPE,
  KIND_KEY,
  MANIFEST_TYPE,
  ManifestSchema,
  PLATFORM_KEY,
  tagOf,
  TagsSchema,
  VERSION_KEY,
  versionOf,
} from "./documents.js";
import type { OciLayer, OciManifest } from "./documents.js";
import type { OciClient } from "./oci-client.js";

const MAX_PAGES = 20;
const MAX_BUNDLES = 256;
const NEXT_PAGE = /<([^>]{1,2000})>\s*;\s*rel="?next"?/;

/** Packages in an OCI registry: each version is a tag, its manifest lists archives and bundles as layers. */
export class OciOrigin implements PackageOrigin {
  readonly name: string;
  readonly #source: OciSource;
  readonly #client: OciClient;

  constructor(source: OciSource, client: OciClient) {
    this.name = sourceText(source);
    this.#source = source;
    this.#client = client;
  }

  async versions(): Promise<readonly PublishedVersion[]> {
    if (this.#source.tag !== null || this.#source.digest !== null) return [];
    const tags: string[] = [];
    let url: URL | undefined = this.#client.urlOf("tags/list?n=1000");
    for (let page = 0; url !== undefined; page++) {
      if (page >= MAX_PAGES) throw invalid(placeOf(url), `it lists tags on over ${MAX_PAGES} pages`);
      const answer = await this.#client.request({ url, ...this.#document() });
      tags.push(...(readDocument(answer.body, TagsSchema, placeOf(url)).tags ?? []));
      const next: string | undefined = NEXT_PAGE.exec(answer.headers["link"] ?? "")?.[1];
      url = next === undefined ? undefined : this.#nextOf(next, url);
    }
    return [...new Set(tags.map(versionOf).filter(isVersion))].map((version) => ({ version, yanked: null }));
  }

  async release(version: string | null): Promise<Release> {
    const { tag, digest } = this.#source;
    const reference = digest ?? tag ?? (version === null ? "" : tagOf(version));
    const url = this.#client.urlOf(`manifests/${reference}`);
    const { body } = await this.#client.request({ url, headers: { accept: MANIFEST_TYPE }, ...this.#document() });
    const place = placeOf(url);
    if (digest !== null) checkDigest(body, { digest, url: place });
    const manifest = readDocument(body, ManifestSchema, place);
    const { [VERSION_KEY]: found = "", [KIND_KEY]: kindText } = manifest.annotations;
    const kind = GUEST_KINDS.find((known) => known === kindText);
    if (kind === undefined || !isVersion(found)) throw invalid(place, "it tells no version or no kind");
    if (version !== null && found !== version) throw invalid(place, `it speaks of version ${quote(found)}`);
    return { version: found, kind, yanked: null, archives: await this.#archives(manifest, place) };
  }

  async fetch(archive: ReleaseArchive): Promise<Uint8Array> {
    checkSize(archive);
    const bytes = await this.#blob(archive.digest, archive.size, this.#client.http.limits.archiveMs, archive.url);
    checkDigest(bytes, archive);
    return bytes;
  }

  async #archives({ layers }: OciManifest, place: string): Promise<readonly ReleaseArchive[]> {
    const archives = layers.filter(({ mediaType }) => mediaType === ARCHIVE_TYPE);
    const platforms = new Set(archives.map(({ annotations }) => annotations[PLATFORM_KEY]));
    if (archives.length === 0 || platforms.size !== archives.length) {
      throw invalid(place, "it holds no archive, or two for one platform");
    }
    const bundles = layers.filter(({ mediaType }) => mediaType === BUNDLE_TYPE);
    if (bundles.length > MAX_BUNDLES) throw invalid(place, `it holds over ${MAX_BUNDLES} bundles`);
    const all: ReleaseArchive[] = [];
    for (const { digest, size, annotations } of archives) {
      const platform = annotations[PLATFORM_KEY] ?? ANY_PLATFORM;
      const own = bundles.filter((bundle) => bundle.annotations[ARCHIVE_KEY] === digest);
      const read: Uint8Array[] = [];
      for (const bundle of own) read.push(await this.#bundle(bundle));
      const url = this.#client.urlOf(`blobs/${digest}`).href;
      all.push({ platform: platform === ANY_PLATFORM ? null : platform, digest, size, url, bundles: read });
    }
    return all;
  }

  async #bundle({ digest, size }: OciLayer): Promise<Uint8Array> {
    const url = this.#client.urlOf(`blobs/${digest}`).href;
    if (size > MAX_DOCUMENT_BYTES) throw new RegistryError("REGISTRY_TOO_LARGE", `the bundle ${url} is too large`);
    const bytes = await this.#blob(digest, size, this.#client.http.limits.documentMs);
    checkDigest(bytes, { digest, url });
    return bytes;
  }

  async #blob(digest: string, size: number | null, timeMs: number, shown?: string): Promise<Uint8Array> {
    const { onProgress } = this.#client.settings;
    const { body } = await this.#client.request({
      url: this.#client.urlOf(`blobs/${digest}`),
      maxBytes: MAX_ARCHIVE_BYTES,
      size,
      mayLeaveHost: true,
      timeMs,
      ...(shown !== undefined && { onBytes: (received, total) => onProgress?.({ url: shown, received, total }) }),
    });
    return body;
  }

  #document(): { readonly maxBytes: number; readonly timeMs: number } {
    return { maxBytes: MAX_DOCUMENT_BYTES, timeMs: this.#client.http.limits.documentMs };
  }

  /** The next page is of the same list, whatever a registry says. */
  #nextOf(next: string, url: URL): URL {
    const found = resolveUrl(next, url);
    if (found.host !== url.host || found.pathname !== url.pathname) {
      throw invalid(placeOf(url), "its next page is somewhere else");
    }
    return found;
  }
}

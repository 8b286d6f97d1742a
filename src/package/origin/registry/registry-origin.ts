import { quote } from "../../../base/quote.js";
import { checkDigest, checkSize } from "../check-archive.js";
import type { PackageOrigin, PublishedVersion, Release, ReleaseArchive } from "../origin.js";
import { invalid, readDocument } from "../read-document.js";
import { RegistryError } from "../registry-error.js";
import { ANY_PLATFORM, isVersion, RELEASE_FILE, ReleaseSchema, VERSIONS_FILE, VersionsSchema } from "./documents.js";
import type { ReleaseDocument } from "./documents.js";
import type { RegistryFiles } from "./registry-files.js";

/** A package of a registry, or of a mirror's folder. What was read once is not asked for again. */
export class RegistryOrigin implements PackageOrigin {
  readonly name: string;
  /** `NAMESPACE/NAME`, as documents must call it; null where a source does not say. */
  readonly #package: string | null;
  readonly #files: RegistryFiles;
  #versions: Promise<readonly PublishedVersion[]> | undefined;

  constructor(name: string, packageName: string | null, files: RegistryFiles) {
    this.name = name;
    this.#package = packageName;
    this.#files = files;
  }

  versions(): Promise<readonly PublishedVersion[]> {
    this.#versions ??= this.#readVersions();
    return this.#versions;
  }

  async release(version: string | null): Promise<Release> {
    if (version === null || !isVersion(version)) throw noVersion(this.name, version ?? "");
    const yanked = (await this.versions()).find((published) => published.version === version);
    const path = `${version}/${RELEASE_FILE}`;
    const found = yanked === undefined ? null : await this.#files.document(path);
    if (yanked === undefined || found === null) throw noVersion(this.name, version);
    const document = readDocument(found.bytes, ReleaseSchema, found.place);
    if ((this.#package !== null && document.name !== this.#package) || document.version !== version) {
      throw invalid(found.place, `it speaks of ${document.name} ${document.version}`);
    }
    const archives = await Promise.all(document.archives.map((archive) => this.#archiveOf(archive, path)));
    return { version, kind: document.kind, yanked: yanked.yanked, archives };
  }

  async fetch(archive: ReleaseArchive): Promise<Uint8Array> {
    checkSize(archive);
    const bytes = await this.#files.archive(archive);
    checkDigest(bytes, archive);
    return bytes;
  }

  async #readVersions(): Promise<readonly PublishedVersion[]> {
    const found = await this.#files.document(VERSIONS_FILE);
    if (found === null) throw noPackage(this.name);
    const { versions } = readDocument(found.bytes, VersionsSchema, found.place);
    return versions.map(({ version, yanked }) => ({ version, yanked: yanked ?? null }));
  }

  async #archiveOf(archive: ReleaseDocument["archives"][number], path: string): Promise<ReleaseArchive> {
    const { platform, digest, size, url, bundles } = archive;
    return {
      platform: platform === ANY_PLATFORM ? null : platform,
      digest,
      size,
      url: await this.#files.locate(url, path),
      bundles: bundles.map((bundle) => Buffer.from(JSON.stringify(bundle))),
    };
  }
}

function noPackage(name: string): RegistryError {
  return new RegistryError("REGISTRY_NOT_FOUND", `there is no package ${name}`, {
    remedy: "Check the host, namespace and name of the source.",
  });
}

function noVersion(name: string, version: string): RegistryError {
  return new RegistryError("REGISTRY_NOT_FOUND", `${name} has no version ${quote(version)}`, {
    remedy: "Choose one of those that it has: airlock outdated shows them.",
  });
}

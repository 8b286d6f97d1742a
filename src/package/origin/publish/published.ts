import type { GuestKind } from "../../../protocol/guest-kind.js";
import { parse } from "../read-document.js";
import { ANY_PLATFORM, ReleaseSchema, VersionsSchema } from "../registry/documents.js";
import type { ReleaseDocument, VersionsDocument } from "../registry/documents.js";
import * as v from "valibot";

/** One archive with its signatures, ready to be published. */
export interface PublishedArchive {
  /** null = any. */
  readonly platform: string | null;
  readonly digest: string;
  readonly fileName: string;
  readonly bytes: Uint8Array;
  readonly bundles: readonly Uint8Array[];
}

/** One version of a package with all its archives, ready to be published. */
export interface PublishedPackage {
  /** `NAMESPACE/NAME`. */
  readonly name: string;
  readonly version: string;
  readonly kind: GuestKind;
  readonly archives: readonly PublishedArchive[];
}

/** `release.json` of a package. Throws `RegistryError` REGISTRY_RESPONSE_INVALID for a bundle that is no JSON object. */
export function releaseDocument({ name, version, kind, archives }: PublishedPackage): ReleaseDocument {
  const listed = archives.map(({ platform, digest, fileName, bytes, bundles }) => ({
    platform: platform ?? ANY_PLATFORM,
    digest,
    size: bytes.byteLength,
    url: `./${encodeURIComponent(fileName)}`,
    bundles: bundles.map((bundle) => parse(bundle, `a signature of ${fileName}`)),
  }));
  listed.sort((one, other) => (one.platform < other.platform ? -1 : 1));
  return v.parse(ReleaseSchema, { name, version, kind, archives: listed });
}

/** What `versions.json` says of a release. */
export function versionEntry({ version, kind, archives }: ReleaseDocument): VersionsDocument["versions"][number] {
  return { version, kind, platforms: archives.map(({ platform }) => platform) };
}

/** `versions.json`, in the order of the versions' texts. */
export function versionsDocument(versions: VersionsDocument["versions"]): VersionsDocument {
  const sorted = [...versions].sort((one, other) => (one.version < other.version ? -1 : 1));
  return v.parse(VersionsSchema, { versions: sorted });
}

/** As it is written: indented, for people look at it, too. */
export function documentText(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

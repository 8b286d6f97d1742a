/** A path on this machine. */
export interface LocalSource {
  readonly kind: "local";
  readonly path: string;
}

/** A package in a registry: `HOST/NAMESPACE/NAME`. */
export interface RegistrySource {
  readonly kind: "registry";
  /** In small letters; with `:PORT` where one was written. */
  readonly host: string;
  readonly namespace: string;
  readonly name: string;
}

/** A package in an OCI registry: `oci://HOST/REPOSITORY[:TAG][@DIGEST]`. */
export interface OciSource {
  readonly kind: "oci";
  /** All behind `oci://`. */
  readonly reference: string;
  readonly host: string;
  readonly repository: string;
  /** The one version that was asked for; null = all tags are versions. */
  readonly tag: string | null;
  /** `sha256:` and 64 hex digits, or null. */
  readonly digest: string | null;
}

/** One archive at an address: `https://HOST/PATH?checksum=sha256:HEX`. */
export interface ArchiveSource {
  readonly kind: "archive";
  /** Without the checksum. */
  readonly url: string;
  /** `sha256:` and 64 hex digits. */
  readonly digest: string;
}

/** A source on another machine. */
export type RemoteSource = RegistrySource | OciSource | ArchiveSource;

/** What the `source` of a declaration means. */
export type Source = LocalSource | RemoteSource;

/** The one text that a remote source is known by: in the lock, and in `trust` blocks. */
export function sourceText(source: RemoteSource): string {
  switch (source.kind) {
    case "registry":
      return `${source.host}/${source.namespace}/${source.name}`;
    case "oci":
      return `oci://${source.reference}`;
    case "archive":
      return `${source.url}${source.url.includes("?") ? "&" : "?"}checksum=${source.digest}`;
  }
}

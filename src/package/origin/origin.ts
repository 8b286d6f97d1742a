import type { GuestKind } from "../../protocol/guest-kind.js";
import type { HttpLimits } from "./http/http-limits.js";
import type { HostSettings } from "./host-settings.js";

/** One version that an origin offers. */
export interface PublishedVersion {
  readonly version: string;
  /** Why it was withdrawn, maybe ""; null = it was not. */
  readonly yanked: string | null;
}

/** One archive of a release. Nothing of it is verified yet: digest and size are what the origin claims. */
export interface ReleaseArchive {
  /** Terraform's name of the platform, such as `linux_amd64`; null = any. */
  readonly platform: string | null;
  /** SHA-256 of the archive's bytes, `sha256:` and 64 hex digits. */
  readonly digest: string;
  /** In bytes; null = unknown until it is there (an archive at a URL). */
  readonly size: number | null;
  /** Where it is, for messages and for `fetch`: a URL, or the path of a file in a mirror. */
  readonly url: string;
  /** Sigstore bundles, as they came. */
  readonly bundles: readonly Uint8Array[];
}

/** One version with all its archives. */
export interface Release {
  /** null = unknown until the archive is read (an archive at a URL). */
  readonly version: string | null;
  /** What the origin claims; null as `version`. */
  readonly kind: GuestKind | null;
  readonly yanked: string | null;
  readonly archives: readonly ReleaseArchive[];
}

/** One package at one place. Every method rejects with `RegistryError`. */
export interface PackageOrigin {
  /** The place, for messages. */
  readonly name: string;
  /**
   * In no order. An archive at a URL, and an OCI reference with a tag or digest, have none (`[]`): there is one release, `release(null)`.
   */
  versions(): Promise<readonly PublishedVersion[]>;
  /** `version` is one of `versions()`; null where these are none. */
  release(version: string | null): Promise<Release>;
  /**
   * The archive's bytes. Their SHA-256 is `archive.digest` and their length `archive.size`; anything else is
   * REGISTRY_DIGEST_MISMATCH, REGISTRY_TRUNCATED or REGISTRY_TOO_LARGE.
   */
  fetch(archive: ReleaseArchive): Promise<Uint8Array>;
}

/** How far a download is. */
export interface DownloadProgress {
  readonly url: string;
  /** Bytes so far. */
  readonly received: number;
  /** null = unknown. */
  readonly total: number | null;
}

/** What origins of one command share. */
export interface OriginSettings {
  /** Credentials and services of hosts, from core's CLI configuration. */
  readonly hosts: HostSettings;
  /** For HTTPS_PROXY, HTTP_PROXY and NO_PROXY. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The folder of `airlock mirror`: everything is taken from there, and no request is made. */
  readonly mirror?: string | undefined;
  /** PEM; in the place of the system's. */
  readonly certificateAuthorities?: readonly string[] | undefined;
  /** What is spent on one request; absent = `HTTP_LIMITS`. */
  readonly limits?: Partial<HttpLimits> | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

import type { GuestKind } from "../protocol/guest-kind.js";
import type { Manifest } from "./manifest.js";

/** An integration as found on disk, before anything of it runs. */
export interface IntegrationPackage {
  /** The source as the user wrote it, or the absolute path of what was found on PATH. */
  readonly source: string;
  readonly kind: GuestKind;
  /** Absolute path of the entry: the module, the script or the program. */
  readonly path: string;
  /** Absolute path of the package's folder; of the entry's folder for a bare file. */
  readonly directory: string;
  /** The source is a folder, and all in it is the integration's; else only the entry is. */
  readonly isFolder: boolean;
  /** SHA-256 of the entry's bytes, `sha256:` and 64 hex digits. */
  readonly digest: string;
  /** The entry's bytes; null for an executable. */
  readonly code: Uint8Array | null;
  /** null for a bare file. */
  readonly manifest: Manifest | null;
}

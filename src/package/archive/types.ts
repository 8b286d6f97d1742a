import type { Manifest } from "../manifest.js";

/** One regular file of an archive. */
export interface ArchiveFile {
  /** Relative, with `/` between its steps, in Unicode form NFC. */
  readonly path: string;
  /** 0o755 for what is to be executed, 0o644 for the rest. */
  readonly mode: 0o644 | 0o755;
  readonly bytes: Uint8Array;
}

/** The manifest of an archive: what a folder may leave out is there. */
export interface PackedManifest extends Manifest {
  readonly namespace: string;
}

/** What an archive says of itself. */
export interface ArchiveSummary {
  readonly manifest: PackedManifest;
  /** The platform that its program is for, such as `linux_amd64`; null = any. */
  readonly platform: string | null;
  /** SHA-256 of the archive's bytes, `sha256:` and 64 hex digits. */
  readonly digest: string;
  /** Size of the archive itself, in bytes. */
  readonly size: number;
}

/** An archive that was checked as a whole, in memory. */
export interface ArchiveContents extends ArchiveSummary {
  /** In the order of their paths' bytes. */
  readonly files: readonly ArchiveFile[];
  /** The path of the module, script or program. */
  readonly entry: string;
}

/** An archive as `packFolder` makes it. */
export interface PackedArchive extends ArchiveSummary {
  readonly bytes: Uint8Array;
  /** `NAME_VERSION.tar.gz`, or `NAME_VERSION_PLATFORM.tar.gz`. */
  readonly fileName: string;
}

import { AirlockError } from "../protocol/airlock-error.js";

/** Why an integration's package cannot be used. Nothing of it has run when one of these is thrown. */
export const PACKAGE_ERROR_CODES = [
  /** Nothing is at the source, or no program of the name is on PATH. */
  "PACKAGE_NOT_FOUND",
  /** The source names another machine, where only a local path can be looked at. */
  "PACKAGE_REMOTE_SOURCE",
  /** The operating system refused to read it, or it is neither a folder nor a regular file. */
  "PACKAGE_UNREADABLE",
  /** `integration.json` is too large, not JSON, or not of its form. */
  "PACKAGE_MANIFEST_INVALID",
  /** A folder without the entry that its manifest names, or without manifest and program. */
  "PACKAGE_ENTRY_MISSING",
  /** The entry is, or links to, a place outside the package's folder. */
  "PACKAGE_ENTRY_OUTSIDE",
  /** A folder without a manifest holds several programs of the integration's name. */
  "PACKAGE_ENTRY_AMBIGUOUS",
  /** A file of which neither its name nor its mode tells what kind of integration it is. */
  "PACKAGE_KIND_UNKNOWN",
  /** Named or declared as wasm, but its bytes are not a WebAssembly module. */
  "PACKAGE_NOT_WASM",
  /** A program that the user may not execute. */
  "PACKAGE_NOT_EXECUTABLE",
  /** The module or script is over the allowed size. */
  "PACKAGE_TOO_LARGE",
  /** There is no program for the platform that is asked for. */
  "PACKAGE_PLATFORM_MISSING",
  /** To be packed, a manifest needs a namespace, a name and a version of the form that a registry can serve. */
  "PACKAGE_IDENTITY_INVALID",
  /** No archive: not gzip, not tar, cut off, or a checksum does not fit. */
  "PACKAGE_ARCHIVE_MALFORMED",
  /** The archive, what is in it, or one of its files is over the allowed size. */
  "PACKAGE_ARCHIVE_TOO_LARGE",
  "PACKAGE_ARCHIVE_TOO_MANY_FILES",
  /** It grows to more times its size than any package does. */
  "PACKAGE_ARCHIVE_RATIO",
  /** Something stands behind the end of the archive. */
  "PACKAGE_ARCHIVE_TRAILING",
  /** A link, a device, a folder or another thing that is no regular file. */
  "PACKAGE_ARCHIVE_LINK",
  /** A path that is absolute, leads out, or cannot be the name of a file on every system. */
  "PACKAGE_ARCHIVE_PATH",
  /** Two paths that are one on some systems: same but for upper and lower case or Unicode form, or a file and a folder. */
  "PACKAGE_ARCHIVE_COLLISION",
  /** An extension of tar (PAX, GNU), which Airlock does not read. */
  "PACKAGE_ARCHIVE_EXTENSION",
  /** Readable, but not the one form that `airlock pack` gives: order, times, modes, owners or padding differ. */
  "PACKAGE_ARCHIVE_NOT_CANONICAL",
  /** An archive without `integration.json`. */
  "PACKAGE_ARCHIVE_NO_MANIFEST",
  /** An archive could not be written to disk. */
  "PACKAGE_UNPACK_FAILED",
] as const;

export type PackageErrorCode = (typeof PACKAGE_ERROR_CODES)[number];

/** A package cannot be used. */
export class PackageError extends AirlockError<PackageErrorCode> {}

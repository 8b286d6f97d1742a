import { AirlockError } from "../protocol/airlock-error.js";

/** Why an integration's package cannot be used. Nothing of it has run when one of these is thrown. */
export const PACKAGE_ERROR_CODES = [
  /** Nothing is at the source, or no program of the name is on PATH. */
  "PACKAGE_NOT_FOUND",
  /** The source names another machine; only local paths are supported. */
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
] as const;

export type PackageErrorCode = (typeof PACKAGE_ERROR_CODES)[number];

/** A package cannot be used. */
export class PackageError extends AirlockError<PackageErrorCode> {}

import { quote } from "../../base/quote.js";
import type { Manifest } from "../manifest.js";
import { PackageError } from "../package-error.js";
import type { PackedManifest } from "./types.js";

const MAX_VERSION_LENGTH = 64;
/** A part of NAMESPACE/NAME: one spelling on every file system, in every URL, and in OCI references. */
const NAME_PART = /^[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?$/;
/** Semantic versioning 2.0.0 without build metadata, which no comparison looks at and OCI tags cannot hold. */
const VERSION =
  /^(?:0|[1-9]\d{0,8})(?:\.(?:0|[1-9]\d{0,8})){2}(?:-(?:0|[1-9]\d*|\d*[a-z-][0-9a-z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-z-][0-9a-z-]*))*)?$/;

/** The manifest of a package that can be published. Throws `PackageError` PACKAGE_IDENTITY_INVALID. */
export function packedManifest(manifest: Manifest): PackedManifest {
  const { namespace, name, version } = manifest;
  if (namespace === undefined) {
    throw invalid('the manifest has no "namespace"', 'Add "namespace": who publishes it, such as "acme".');
  }
  for (const [key, value] of Object.entries({ namespace, name })) {
    if (NAME_PART.test(value)) continue;
    throw invalid(
      `${quote(value)} cannot be the ${key} of a package`,
      'Use small letters, digits, "-" and "_"; 64 at most, the first and the last a letter or digit.',
    );
  }
  if (version.length > MAX_VERSION_LENGTH || !VERSION.test(version)) {
    const remedy = 'Use three numbers, such as "1.2.0", or "1.2.0-beta.1" in small letters; no build metadata.';
    throw invalid(`${quote(version)} cannot be the version of a package`, remedy);
  }
  return { ...manifest, namespace };
}

function invalid(message: string, remedy: string): PackageError {
  return new PackageError("PACKAGE_IDENTITY_INVALID", message, { remedy });
}

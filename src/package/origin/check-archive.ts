import { formatSize } from "../../base/size-text.js";
import { digestBytes } from "../regular-file.js";
import type { ReleaseArchive } from "./origin.js";
import { MAX_ARCHIVE_BYTES } from "./registry/documents.js";
import { RegistryError } from "./registry-error.js";

/** Holds the bytes to the digest. Throws `RegistryError` REGISTRY_DIGEST_MISMATCH. */
export function checkDigest(bytes: Uint8Array, { digest, url }: Pick<ReleaseArchive, "digest" | "url">): void {
  const found = digestBytes(bytes);
  if (found === digest) return;
  throw new RegistryError("REGISTRY_DIGEST_MISMATCH", `the bytes of ${url} have the digest ${found}, not ${digest}`, {
    remedy: "Do not use it before those who run the host say why.",
  });
}

/** Before anything is asked for. Throws `RegistryError` REGISTRY_TOO_LARGE. */
export function checkSize({ size, url }: Pick<ReleaseArchive, "size" | "url">): void {
  if (size === null || size <= MAX_ARCHIVE_BYTES) return;
  throw new RegistryError(
    "REGISTRY_TOO_LARGE",
    `the archive ${url} has ${size} bytes, ${formatSize(MAX_ARCHIVE_BYTES)} are allowed`,
    { remedy: "Do not use it before those who run the host say why." },
  );
}

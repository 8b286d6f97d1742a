import { PackageError } from "../package-error.js";
import type { PackageErrorCode } from "../package-error.js";

type ArchiveErrorCode = Extract<PackageErrorCode, `PACKAGE_ARCHIVE_${string}`>;

const REMEDIES: Readonly<Record<ArchiveErrorCode, string>> = {
  PACKAGE_ARCHIVE_MALFORMED: "Get it again; if that does not help, it has to be packed again, with airlock pack.",
  PACKAGE_ARCHIVE_TOO_LARGE: 'Leave out what is not needed: "files" in integration.json says what is packed.',
  PACKAGE_ARCHIVE_TOO_MANY_FILES: 'Leave out what is not needed: "files" in integration.json says what is packed.',
  PACKAGE_ARCHIVE_RATIO:
    "Leave out files that are nearly empty of content, such as images of disks or tables of zeros.",
  PACKAGE_ARCHIVE_TRAILING: "Get it again; if that does not help, do not use it.",
  PACKAGE_ARCHIVE_LINK: 'Put a copy of the file in its place, or leave it out with "files" in integration.json.',
  PACKAGE_ARCHIVE_PATH: "Rename the file.",
  PACKAGE_ARCHIVE_COLLISION: "Rename one of the two.",
  PACKAGE_ARCHIVE_EXTENSION: "Pack it with airlock pack.",
  PACKAGE_ARCHIVE_NOT_CANONICAL: "Pack it with airlock pack.",
  PACKAGE_ARCHIVE_NO_MANIFEST: "Pack it with airlock pack.",
};

/** An error that says what to do about it. */
export function archiveError(code: ArchiveErrorCode, message: string, cause?: unknown): PackageError {
  return new PackageError(code, message, { remedy: REMEDIES[code], ...(cause === undefined ? {} : { cause }) });
}

import { NO_GRANTS } from "../../protocol/grants.js";
import type { ArchiveSummary } from "../archive/types.js";
import type { PackageSubject } from "./types.js";

/** What a signature of this archive has to be for. */
export function subjectOf({ manifest, platform, digest }: ArchiveSummary): PackageSubject {
  const { namespace, name, version, kind, wanted_grants: wantedGrants = NO_GRANTS } = manifest;
  return { name: `${namespace}/${name}`, version, kind, platform, wantedGrants, digest };
}

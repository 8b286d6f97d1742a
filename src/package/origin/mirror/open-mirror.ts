import type { RemoteSource } from "../../source/source.js";
import { sourceText } from "../../source/source.js";
import type { PackageOrigin, Release, ReleaseArchive } from "../origin.js";
import { RegistryOrigin } from "../registry/registry-origin.js";
import { RegistryError } from "../registry-error.js";
import { FolderFiles, mirrorPath } from "./folder-files.js";

/** The package of a source in a mirror's folder. */
export function openMirror(source: RemoteSource, mirror: string): PackageOrigin {
  const name = `${sourceText(source)} in the mirror ${mirror}`;
  const files = new FolderFiles(mirror, mirrorPath(source));
  if (source.kind === "registry") return new RegistryOrigin(name, `${source.namespace}/${source.name}`, files);
  const origin = new RegistryOrigin(name, null, files);
  return isPinned(source) ? pinned(origin) : origin;
}

/** Whether a source names one release, not a list of versions. */
export function isPinned(source: RemoteSource): boolean {
  return source.kind === "archive" || (source.kind === "oci" && (source.tag !== null || source.digest !== null));
}

/** As the origin itself would: no versions, and one release. */
function pinned(origin: RegistryOrigin): PackageOrigin {
  return {
    name: origin.name,
    versions: () => Promise.resolve([]),
    async release(): Promise<Release> {
      const [only, second] = await origin.versions();
      if (only !== undefined && second === undefined) return origin.release(only.version);
      throw new RegistryError("REGISTRY_FOLDER", `${origin.name} holds several releases of what is one`, {
        remedy: "Fill the mirror again: airlock mirror.",
      });
    },
    fetch: (archive: ReleaseArchive) => origin.fetch(archive),
  };
}

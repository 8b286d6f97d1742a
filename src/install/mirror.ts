import { join } from "node:path";
import type { DeclarationsRead } from "../declare/read.js";
import { readArchive } from "../package/archive/read.js";
import { mirrorPath } from "../package/origin/mirror/folder-files.js";
import { isPinned } from "../package/origin/mirror/open-mirror.js";
import type { PackageOrigin } from "../package/origin/origin.js";
import { PackageFolder } from "../package/origin/publish/package-folder.js";
import type { Publication } from "../package/origin/publish/package-folder.js";
import type { PublishedArchive } from "../package/origin/publish/published.js";
import type { RemoteSource } from "../package/source/source.js";
import { InstallError, RUN_INIT } from "./install-error.js";
import { ANY_PLATFORM } from "./lock/lock.js";
import type { LockedIntegration } from "./lock/lock.js";
import { readLock } from "./lock/read-lock.js";
import { wantedSources } from "./wanted.js";

/** What became of one source. */
export interface Mirrored {
  readonly source: string;
  readonly version: string;
  /** Archives, one for each platform. */
  readonly archives: number;
  readonly result: Publication;
}

/**
 * Copies all that is pinned, for all platforms and with its signatures, into a mirror's folder. Each archive is held to the lock.
 * Rejects with `InstallError` INSTALL_NOT_LOCKED and INSTALL_MISMATCH, and with what locks and origins reject with.
 */
export async function mirrorPinned(
  declared: Pick<DeclarationsRead, "declarations" | "providerIntegrations">,
  { root, folder, origin }: { root: string; folder: string; origin: (source: RemoteSource) => PackageOrigin },
): Promise<readonly Mirrored[]> {
  const lock = await readLock(root);
  const mirrored: Mirrored[] = [];
  for (const { source, text } of wantedSources(declared)) {
    const locked = lock?.get(text);
    if (locked === undefined) {
      throw new InstallError("INSTALL_NOT_LOCKED", `${text} is not pinned, so nobody knows what to copy`, {
        remedy: RUN_INIT,
      });
    }
    const archives = await pinnedArchives(origin(source), source, locked);
    const { package: name, version, kind } = locked;
    const target = new PackageFolder(join(folder, mirrorPath(source)));
    const result = await target.add({ name, version, kind, archives });
    mirrored.push({ source: text, version, archives: archives.length, result });
  }
  return mirrored;
}

async function pinnedArchives(
  origin: PackageOrigin,
  source: RemoteSource,
  { version, digests }: LockedIntegration,
): Promise<readonly PublishedArchive[]> {
  const release = await origin.release(isPinned(source) ? null : version);
  const archives: PublishedArchive[] = [];
  for (const archive of release.archives) {
    const { digest, bundles } = archive;
    const bytes = await origin.fetch(archive);
    const { manifest, platform } = readArchive(bytes);
    if (digests.get(platform ?? ANY_PLATFORM) !== digest) {
      const message = `${origin.name} ${version} for ${platform ?? "any platform"} is not what is pinned: ${digest}`;
      throw new InstallError("INSTALL_MISMATCH", message, {
        remedy: "Do not use it before those who publish it say why.",
      });
    }
    const suffix = platform === null ? "" : `_${platform}`;
    archives.push({ platform, digest, bundles, bytes, fileName: `${manifest.name}_${version}${suffix}.tar.gz` });
  }
  return archives;
}

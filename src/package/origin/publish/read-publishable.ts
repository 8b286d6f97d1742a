import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { errorCode } from "../../../base/error-code.js";
import { packFolder, readPackable } from "../../archive/pack.js";
import { readArchive } from "../../archive/read.js";
import type { ArchiveSummary } from "../../archive/types.js";
import { missingFile } from "../../missing-source.js";
import { readBounded, unreadable } from "../../regular-file.js";
import { MAX_DOCUMENT_BYTES } from "../http/http-limits.js";
import { MAX_ARCHIVE_BYTES } from "../registry/documents.js";
import { RegistryError } from "../registry-error.js";
import type { PublishedArchive, PublishedPackage } from "./published.js";

type Read = ArchiveSummary & PublishedArchive;

/**
 * What is to be published, of archives with the bundles beside them (`FILE.sigstore.json`, `FILE.*.sigstore.json`), or of folders, which are
 * packed for all their platforms. Archives of one version make one package. Rejects with `PackageError`, and with `RegistryError`
 * REGISTRY_REFERENCE_INVALID for archives that do not belong together.
 */
export async function readPublishable(paths: readonly string[]): Promise<readonly PublishedPackage[]> {
  const packages = new Map<string, PublishedPackage>();
  for (const path of paths) {
    for (const read of (await isFolder(path)) ? await packed(path) : [await archived(path)]) {
      const { namespace, name, version, kind } = read.manifest;
      const full = `${namespace}/${name}`;
      const known = packages.get(`${full} ${version}`) ?? { name: full, version, kind, archives: [] };
      const isTwice = known.archives.some(({ platform }) => platform === read.platform);
      if (isTwice || known.kind !== kind) throw apart(path, full, version);
      packages.set(`${full} ${version}`, { ...known, archives: [...known.archives, read] });
    }
  }
  return [...packages.values()];
}

async function packed(folder: string): Promise<readonly Read[]> {
  const { platforms } = await readPackable(folder);
  const names = platforms === undefined ? [undefined] : Object.keys(platforms);
  const archives: Read[] = [];
  for (const platform of names) archives.push({ ...(await packFolder(folder, { platform })), bundles: [] });
  return archives;
}

async function archived(path: string): Promise<Read> {
  const bytes = await readBounded(path, MAX_ARCHIVE_BYTES);
  const contents = readArchive(bytes);
  const fileName = basename(path);
  const beside = (await readdir(dirname(path))).filter(
    (name) => name.startsWith(`${fileName}.`) && name.endsWith(".sigstore.json"),
  );
  const bundles: Uint8Array[] = [];
  for (const name of beside.sort()) bundles.push(await readBounded(join(dirname(path), name), MAX_DOCUMENT_BYTES));
  const { name, version } = contents.manifest;
  const suffix = contents.platform === null ? "" : `_${contents.platform}`;
  return { ...contents, bytes, bundles, fileName: `${name}_${version}${suffix}.tar.gz` };
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw errorCode(error) === "ENOENT" ? await missingFile(path, path) : unreadable(path, error);
  }
}

function apart(path: string, name: string, version: string): RegistryError {
  return new RegistryError(
    "REGISTRY_REFERENCE_INVALID",
    `${path} does not belong to the other archives of ${name} ${version}: its platform is there, or its kind is another`,
    { remedy: "Name each platform of a version once." },
  );
}

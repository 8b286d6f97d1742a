import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { quote } from "../../../base/quote.js";
import { writeWhole } from "../../write-file.js";
import { readDocument } from "../read-document.js";
import { DISCOVERY_PATH, DiscoverySchema, isName, SERVICE_ID } from "../registry/documents.js";
import { RegistryError } from "../registry-error.js";
import { folderFault, PackageFolder, readIfThere } from "./package-folder.js";
import type { Publication } from "./package-folder.js";
import { documentText } from "./published.js";
import type { PublishedPackage } from "./published.js";

/** Where packages are beneath the root of the web server. */
const SERVICE_PATH = "/integrations/v1/";

/**
 * Publishes a version into the folder that a static web server serves as the root of a host. Rejects with
 * `RegistryError` REGISTRY_VERSION_EXISTS, REGISTRY_FOLDER, REGISTRY_REFERENCE_INVALID.
 */
export async function publishToFolder(published: PublishedPackage, root: string): Promise<Publication> {
  const folder = packageFolder(published.name, await servicePath(root), root);
  return folder.add(published);
}

/** Marks a published version as withdrawn; null as reason takes it back. Rejects as `PackageFolder.yank` does. */
export async function yankInFolder(name: string, version: string, reason: string | null, root: string): Promise<void> {
  await packageFolder(name, await servicePath(root), root).yank(version, reason);
}

function packageFolder(name: string, service: string, root: string): PackageFolder {
  const parts = name.split("/");
  if (parts.length !== 2 || !parts.every(isName)) {
    throw new RegistryError("REGISTRY_REFERENCE_INVALID", `${quote(name)} is no name of a package`, {
      remedy: "Write it as NAMESPACE/NAME.",
    });
  }
  return new PackageFolder(join(root, service, ...parts));
}

/** What the folder's discovery document says, which is made or added to; services of others in it stay. */
async function servicePath(root: string): Promise<string> {
  const path = join(root, DISCOVERY_PATH);
  try {
    const bytes = await readIfThere(path);
    const services = bytes === null ? {} : readDocument(bytes, DiscoverySchema, path);
    const known = services[SERVICE_ID];
    if (known === undefined) {
      await mkdir(dirname(path), { recursive: true });
      await writeWhole(path, documentText({ ...services, [SERVICE_ID]: SERVICE_PATH }));
      return SERVICE_PATH;
    }
    if (typeof known === "string" && /^\/(?:[A-Za-z0-9._-]+\/)*$/.test(known) && !known.includes("..")) return known;
  } catch (error) {
    throw folderFault(root, error);
  }
  throw new RegistryError("REGISTRY_FOLDER", `${path} names a place that is not in this folder`, {
    remedy: `Let ${SERVICE_ID} be a path such as "${SERVICE_PATH}" there.`,
  });
}

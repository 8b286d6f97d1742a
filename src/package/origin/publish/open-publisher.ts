import { HttpClient } from "../http/client.js";
import { OciClient } from "../oci/oci-client.js";
import { pushPackage } from "../oci/push.js";
import type { OriginSettings } from "../origin.js";
import { parseSource } from "../../source/parse-source.js";
import { RegistryError } from "../registry-error.js";
import type { Publication } from "./package-folder.js";
import type { PublishedPackage } from "./published.js";
import { publishToFolder } from "./registry-folder.js";

/**
 * What publishes to a place: a folder (absolute), or `oci://HOST/REPOSITORY`. Throws `SourceError`, and `RegistryError`
 * REGISTRY_REFERENCE_INVALID for a reference with a tag or digest: versions become tags.
 */
export function openPublisher(
  place: string,
  settings: OriginSettings,
): (published: PublishedPackage) => Promise<Publication> {
  if (!place.startsWith("oci://")) return (published) => publishToFolder(published, place);
  const source = parseSource(place);
  if (source.kind !== "oci" || source.tag !== null || source.digest !== null) {
    throw new RegistryError("REGISTRY_REFERENCE_INVALID", `${place} names more than a repository`, {
      remedy: "Leave the tag away: each version is published under a tag of its own.",
    });
  }
  const client = new OciClient(source, new HttpClient(settings), settings);
  return (published) => pushPackage(client, published);
}

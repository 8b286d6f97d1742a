import { digestBytes } from "../../regular-file.js";
import { placeOf, resolveUrl } from "../http/destination.js";
import { MAX_DOCUMENT_BYTES } from "../http/http-limits.js";
import type { Publication } from "../publish/package-folder.js";
import type { PublishedPackage } from "../publish/published.js";
import { invalid } from "../read-document.js";
import { ANY_PLATFORM } from "../registry/documents.js";
import { RegistryError } from "../registry-error.js";
import {
  ARCHIVE_KEY,
  ARCHIVE_TYPE,
  ARTIFACT_TYPE,
  BUNDLE_TYPE,
  EMPTY_TYPE,
  KIND_KEY,
  MANIFEST_TYPE,
  NAME_KEY,
  PLATFORM_KEY,
  tagOf,
  VERSION_KEY,
} from "./documents.js";
import type { OciLayer } from "./documents.js";
import type { OciClient } from "./oci-client.js";

/** A blob with its descriptor. */
interface Layer {
  readonly descriptor: OciLayer;
  readonly bytes: Uint8Array;
}

/**
 * Pushes a version as the tag of its name: blobs first, the manifest last, so the tag appears with all that it names. Rejects with
 * `RegistryError` REGISTRY_VERSION_EXISTS when the tag is there with other contents; OCI has no lock against two that push at once.
 */
export async function pushPackage(client: OciClient, published: PublishedPackage): Promise<Publication> {
  const layers = layersOf(published);
  const config = layerOf(EMPTY_TYPE, Buffer.from("{}"), {});
  const manifest = Buffer.from(JSON.stringify(manifestOf(published, config, layers)));
  const url = client.urlOf(`manifests/${tagOf(published.version)}`);
  const small = { maxBytes: MAX_DOCUMENT_BYTES, timeMs: client.http.limits.documentMs };
  const there = await client.request({ url, headers: { accept: MANIFEST_TYPE }, accepts: [404], ...small });
  if (there.status !== 404) {
    if (digestBytes(there.body) === digestBytes(manifest)) return "unchanged";
    throw new RegistryError("REGISTRY_VERSION_EXISTS", `${placeOf(url)} is published already, with other contents`, {
      remedy: "A published version never changes: raise the version in integration.json, then pack and sign anew.",
    });
  }
  for (const layer of [config, ...layers]) await pushBlob(client, layer);
  await client.request({ url, method: "PUT", headers: { "content-type": MANIFEST_TYPE }, body: manifest, ...small });
  return "published";
}

function layersOf({ archives }: PublishedPackage): Layer[] {
  return archives.flatMap(({ platform, digest, bytes, bundles }) => [
    layerOf(ARCHIVE_TYPE, bytes, { [PLATFORM_KEY]: platform ?? ANY_PLATFORM }),
    ...bundles.map((bundle) => layerOf(BUNDLE_TYPE, bundle, { [ARCHIVE_KEY]: digest })),
  ]);
}

function layerOf(mediaType: string, bytes: Uint8Array, annotations: Record<string, string>): Layer {
  return { bytes, descriptor: { mediaType, digest: digestBytes(bytes), size: bytes.byteLength, annotations } };
}

function manifestOf({ name, version, kind }: PublishedPackage, config: Layer, layers: readonly Layer[]): object {
  return {
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    artifactType: ARTIFACT_TYPE,
    config: config.descriptor,
    layers: layers.map(({ descriptor }) => descriptor),
    annotations: { [NAME_KEY]: name, [VERSION_KEY]: version, [KIND_KEY]: kind },
  };
}

/** https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pushing-blobs, in one piece. */
async function pushBlob(client: OciClient, { descriptor: { digest }, bytes }: Layer): Promise<void> {
  const { limits } = client.http;
  const small = { maxBytes: MAX_DOCUMENT_BYTES, timeMs: limits.documentMs };
  const blob = client.urlOf(`blobs/${digest}`);
  const there = await client.request({ url: blob, method: "HEAD", accepts: [404], ...small });
  if (there.status !== 404) return;
  const uploads = client.urlOf("blobs/uploads/");
  const { headers } = await client.request({ url: uploads, method: "POST", body: new Uint8Array(0), ...small });
  const url = resolveUrl(headers["location"] ?? "", uploads);
  // What is uploaded, and the credentials for it, go to the host that the user named.
  if (url.host !== uploads.host) throw invalid(placeOf(uploads), `it wants the upload at ${url.host}`);
  url.searchParams.set("digest", digest);
  await client.request({
    url,
    method: "PUT",
    headers: { "content-type": "application/octet-stream" },
    body: bytes,
    maxBytes: MAX_DOCUMENT_BYTES,
    timeMs: limits.archiveMs,
  });
}

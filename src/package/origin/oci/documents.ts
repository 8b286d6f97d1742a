import * as v from "valibot";
import { DigestSchema } from "../registry/documents.js";

/** https://github.com/opencontainers/image-spec/blob/v1.1.0/manifest.md */
export const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
export const ARTIFACT_TYPE = "application/vnd.airlock.integration.v1";
export const ARCHIVE_TYPE = "application/vnd.airlock.package.v1.tar+gzip";
/** The media type that Sigstore gives its bundles. */
export const BUNDLE_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";
export const EMPTY_TYPE = "application/vnd.oci.empty.v1+json";

/** Annotations of the manifest. */
export const VERSION_KEY = "org.opencontainers.image.version";
export const NAME_KEY = "dev.airlock.name";
export const KIND_KEY = "dev.airlock.kind";
/** Annotation of an archive's layer. */
export const PLATFORM_KEY = "dev.airlock.platform";
/** Annotation of a bundle's layer: the digest of the archive that it is for. */
export const ARCHIVE_KEY = "dev.airlock.archive";

const MAX_LAYERS = 512;

const AnnotationsSchema = v.optional(v.record(v.string(), v.string()), {});

export const LayerSchema = v.object({
  mediaType: v.string(),
  digest: DigestSchema,
  size: v.pipe(v.number(), v.integer(), v.minValue(0)),
  annotations: AnnotationsSchema,
});

/** A manifest of ours; others have another artifact type. */
export const ManifestSchema = v.object({
  schemaVersion: v.literal(2),
  artifactType: v.literal(ARTIFACT_TYPE, "it holds something else than an integration"),
  layers: v.pipe(v.array(LayerSchema), v.minLength(1), v.maxLength(MAX_LAYERS)),
  annotations: AnnotationsSchema,
});

export const TagsSchema = v.object({ tags: v.nullable(v.array(v.pipe(v.string(), v.maxLength(128)))) });

export const TokenSchema = v.object({
  token: v.optional(v.string()),
  access_token: v.optional(v.string()),
});

export type OciLayer = v.InferOutput<typeof LayerSchema>;
export type OciManifest = v.InferOutput<typeof ManifestSchema>;

/** A version as a tag: `+` is no character of tags, and stands as `_`, which is none of versions. */
export function tagOf(version: string): string {
  return version.replace("+", "_");
}

/** The version that a tag stands for, if it is one. */
export function versionOf(tag: string): string {
  return tag.replace("_", "+");
}

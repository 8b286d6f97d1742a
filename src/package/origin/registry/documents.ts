import * as v from "valibot";
import { ARCHIVE_LIMITS } from "../../archive/limits.js";
import { GUEST_KINDS } from "../../../protocol/guest-kind.js";

/** The id under which discovery tells where the registry is. */
export const SERVICE_ID = "airlock.integrations.v1";
/** Where discovery is, on every host. */
export const DISCOVERY_PATH = "/.well-known/terraform.json";
/** The files of a package, beneath `NAMESPACE/NAME/`. */
export const VERSIONS_FILE = "versions.json";
export const RELEASE_FILE = "release.json";
/** What documents say for no platform in particular. */
export const ANY_PLATFORM = "any";

/** The largest archive that is fetched or published, in bytes. */
export const MAX_ARCHIVE_BYTES = ARCHIVE_LIMITS.archiveBytes;
const MAX_VERSIONS = 10_000;
const MAX_ARCHIVES = 64;
const MAX_BUNDLES = 16;
const MAX_REASON = 500;

const NAME = /^[0-9A-Za-z](?:[0-9A-Za-z_-]{0,62}[0-9A-Za-z])?$/;
const VERSION = /^\d{1,9}\.\d{1,9}\.\d{1,9}(?:-[0-9A-Za-z.-]{1,64})?(?:\+[0-9A-Za-z.-]{1,64})?$/;
const PLATFORM = /^[a-z0-9]{1,20}_[a-z0-9]{1,20}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Whether a text can stand as namespace or name in a path. */
export function isName(text: string): boolean {
  return NAME.test(text);
}

/** Whether a text is a whole version, such as `1.2.3-rc.1`. */
export function isVersion(text: string): boolean {
  return VERSION.test(text);
}

export const DigestSchema = v.pipe(v.string(), v.regex(DIGEST, "a digest is sha256: and 64 hex digits"));
const VersionSchema = v.pipe(v.string(), v.regex(VERSION, "a version has three numbers, such as 1.2.3"));
const PlatformSchema = v.pipe(
  v.string(),
  v.check((text) => text === ANY_PLATFORM || PLATFORM.test(text), 'a platform is "any" or of the form linux_amd64'),
);
const KindSchema = v.picklist(GUEST_KINDS);

/** `.well-known/terraform.json`: services by id; those of others are of any form. */
export const DiscoverySchema = v.record(v.string(), v.unknown());

/** `versions.json`. Keys that this version does not know are passed over. */
export const VersionsSchema = v.object({
  versions: v.pipe(
    v.array(
      v.object({
        version: VersionSchema,
        kind: KindSchema,
        platforms: v.pipe(v.array(PlatformSchema), v.maxLength(MAX_ARCHIVES)),
        /** Why it was withdrawn; absent = it was not. */
        yanked: v.optional(v.pipe(v.string(), v.maxLength(MAX_REASON))),
      }),
    ),
    v.maxLength(MAX_VERSIONS),
    v.check((list) => new Set(list.map(({ version }) => version)).size === list.length, "a version stands there twice"),
  ),
});

const ArchiveSchema = v.object({
  platform: PlatformSchema,
  digest: DigestSchema,
  size: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** Absolute, or relative to the document. */
  url: v.pipe(v.string(), v.minLength(1), v.maxLength(2000)),
  /** Sigstore bundles, as JSON. */
  bundles: v.optional(v.pipe(v.array(v.record(v.string(), v.unknown())), v.maxLength(MAX_BUNDLES)), []),
});

/** `VERSION/release.json`. */
export const ReleaseSchema = v.object({
  name: v.string(),
  version: VersionSchema,
  kind: KindSchema,
  archives: v.pipe(
    v.array(ArchiveSchema),
    v.minLength(1),
    v.maxLength(MAX_ARCHIVES),
    v.check(
      (list) => new Set(list.map(({ platform }) => platform)).size === list.length,
      "a platform stands there twice",
    ),
  ),
});

export type VersionsDocument = v.InferOutput<typeof VersionsSchema>;
export type ReleaseDocument = v.InferOutput<typeof ReleaseSchema>;

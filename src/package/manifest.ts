import * as v from "valibot";
import { GrantsSchema } from "../protocol/grants.js";
import { GUEST_KINDS } from "../protocol/guest-kind.js";
import { HOOKS } from "../protocol/hooks.js";

/** The file that makes a folder a package. */
export const MANIFEST_FILE = "integration.json";

const MAX_PLATFORMS = 32;
const MAX_FILE_ITEMS = 100;

/** `linux_amd64`, `darwin_arm64`, …: system and architecture, as Terraform's registry names them. */
export const PLATFORM_PATTERN = /^[a-z0-9]{1,16}_[a-z0-9]{1,16}$/;

const PlatformsSchema = v.pipe(
  v.record(v.pipe(v.string(), v.regex(PLATFORM_PATTERN, 'is no platform such as "linux_amd64"')), v.string()),
  v.minEntries(1, "names no platform"),
  v.maxEntries(MAX_PLATFORMS, `has more than ${MAX_PLATFORMS} platforms`),
  v.check((platforms) => {
    const paths = Object.values(platforms);
    return new Set(paths).size === paths.length;
  }, "names one file for two platforms; each needs a file of its own"),
);

const ManifestEntries = v.strictObject({
  $schema: v.optional(v.string()),
  /** Who publishes it, the first part of NAMESPACE/NAME; needed to pack it. */
  namespace: v.optional(v.string()),
  name: v.string(),
  version: v.string(),
  description: v.optional(v.string()),
  license: v.optional(v.string()),
  kind: v.picklist(GUEST_KINDS),
  /** The module, script or program, relative to the manifest and inside its folder. */
  entry: v.optional(v.string()),
  /** Programs by platform, such as `linux_amd64`, in place of `entry`; each a file of its own. */
  platforms: v.optional(PlatformsSchema),
  /** What is packed beside manifest, entry, licence, readme and SBOM: paths or globs; absent = all that is not hidden. */
  files: v.optional(v.pipe(v.array(v.string()), v.maxLength(MAX_FILE_ITEMS, `has more than ${MAX_FILE_ITEMS} items`))),
  /** The hooks it answers; what `initialize` says counts, this is for people and for `inspect`. */
  hooks: v.optional(v.array(v.picklist(HOOKS))),
  /** JSON Schema (draft 2020-12) that `config` must match before the guest starts. */
  config_schema: v.optional(v.record(v.string(), v.unknown())),
  /** The grants it would like; only what the declaration grants is given. */
  wanted_grants: v.optional(GrantsSchema),
});

/** `integration.json`. */
export const ManifestSchema = v.pipe(
  ManifestEntries,
  v.check(
    ({ entry, platforms }) => (entry === undefined) !== (platforms === undefined),
    'needs one of "entry" and "platforms"',
  ),
  v.check(
    ({ kind, platforms }) => platforms === undefined || kind === "executable",
    'has "platforms", which only integrations of kind "executable" have',
  ),
);

export type Manifest = v.InferOutput<typeof ManifestSchema>;

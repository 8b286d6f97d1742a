import * as v from "valibot";
import { GrantsSchema } from "../protocol/grants.js";
import { GUEST_KINDS } from "../protocol/guest-kind.js";
import { HOOKS } from "../protocol/hooks.js";

/** The file that makes a folder a package. */
export const MANIFEST_FILE = "integration.json";

/** `integration.json`. */
export const ManifestSchema = v.strictObject({
  $schema: v.optional(v.string()),
  /** Who publishes it, the first part of NAMESPACE/NAME; needed to pack it. */
  namespace: v.optional(v.string()),
  name: v.string(),
  version: v.string(),
  description: v.optional(v.string()),
  license: v.optional(v.string()),
  kind: v.picklist(GUEST_KINDS),
  /** The module, script or program, relative to the manifest and inside its folder. */
  entry: v.string(),
  /** Programs by platform, such as `linux_amd64`, in place of `entry`; each a file of its own. */
  platforms: v.optional(v.record(v.string(), v.string())),
  /** What is packed beside manifest, entry, licence, readme and SBOM: paths or globs; absent = all that is not hidden. */
  files: v.optional(v.array(v.string())),
  /** The hooks it answers; what `initialize` says counts, this is for people and for `inspect`. */
  hooks: v.optional(v.array(v.picklist(HOOKS))),
  /** JSON Schema (draft 2020-12) that `config` must match before the guest starts. */
  config_schema: v.optional(v.record(v.string(), v.unknown())),
  /** The grants it would like; only what the declaration grants is given. */
  wanted_grants: v.optional(GrantsSchema),
});

export type Manifest = v.InferOutput<typeof ManifestSchema>;

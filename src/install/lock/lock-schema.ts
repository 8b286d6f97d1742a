import * as v from "valibot";
import { GrantsSchema } from "../../protocol/grants.js";
import { GUEST_KINDS } from "../../protocol/guest-kind.js";
import { parseConstraints } from "../../package/version/constraints.js";
import { parseVersion } from "../../package/version/version.js";
import { VersionError } from "../../package/version/version-error.js";
import type { LockedIntegration } from "./lock.js";

/** Far more than a project has, and few enough to be read at once. */
const MAX_ITEMS = 100;
const MAX_TEXT = 2048;

const Text = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_TEXT));
const Digest = v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/, "no digest (sha256: and 64 hex digits)"));

function reads(read: (text: string) => unknown) {
  return (text: string): boolean => {
    try {
      read(text);
      return true;
    } catch (error) {
      if (error instanceof VersionError) return false;
      throw error;
    }
  };
}

function few<T>(record: Record<string, T>): boolean {
  return Object.keys(record).length <= MAX_ITEMS;
}

/** The arguments of a block of the lock. */
export const LockedSchema = v.strictObject({
  package: v.pipe(v.string(), v.regex(/^[0-9A-Za-z_-]{1,64}\/[0-9A-Za-z_-]{1,64}$/, "no NAMESPACE/NAME")),
  version: v.pipe(Text, v.check(reads(parseVersion), "no version")),
  constraints: v.optional(v.pipe(Text, v.check(reads(parseConstraints), "no version constraint"))),
  kind: v.picklist(GUEST_KINDS),
  digests: v.pipe(
    v.record(v.pipe(v.string(), v.regex(/^[a-z0-9]{1,32}(?:_[a-z0-9]{1,32})?$/, "no platform")), Digest),
    v.check(few, "too many"),
    v.check((digests) => Object.keys(digests).length > 0, "none is there"),
  ),
  signers: v.pipe(
    v.array(
      v.variant("type", [
        v.strictObject({ type: v.literal("identity"), issuer: Text, subject: Text }),
        v.strictObject({ type: v.literal("key"), id: Digest }),
      ]),
    ),
    v.maxLength(MAX_ITEMS),
  ),
  wanted_grants: GrantsSchema,
  granted: v.pipe(v.record(Text, GrantsSchema), v.check(few, "too many")),
});

/** A block that fits the schema, in the form that the rest works with. */
export function lockedIntegration(source: string, block: v.InferOutput<typeof LockedSchema>): LockedIntegration {
  return {
    source,
    package: block.package,
    version: block.version,
    constraints: block.constraints ?? null,
    kind: block.kind,
    digests: new Map(Object.entries(block.digests)),
    signers: block.signers,
    wantedGrants: block.wanted_grants,
    granted: new Map(Object.entries(block.granted)),
  };
}

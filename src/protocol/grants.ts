import * as v from "valibot";

/** Capabilities the user gave a guest. Nothing is granted by default. */
export const GrantsSchema = v.strictObject({
  /** Names of environment variables: an executable finds them in its environment. */
  env: v.optional(
    v.array(v.pipe(v.string(), v.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "not the name of an environment variable"))),
    [],
  ),
  /** The real clock instead of the deterministic one. */
  clock: v.optional(v.boolean(), false),
  /** Real random bytes instead of the deterministic ones. */
  random: v.optional(v.boolean(), false),
});

export type Grants = v.InferOutput<typeof GrantsSchema>;

/** What a guest without any grant has. */
export const NO_GRANTS: Grants = { env: [], clock: false, random: false };

import * as v from "valibot";
import { fileGrantProblem, parseHostGrant, sensitiveGrantProblem } from "./grant-items.js";

/** Items that one grant may list. */
export const MAX_GRANT_ITEMS = 100;

/** A list of texts; `problemOf` says what is wrong with one of them, or null. */
function items(problemOf: (item: string) => string | null) {
  const item = v.pipe(
    v.string(),
    v.check(
      (text) => problemOf(text) === null,
      (issue) => problemOf(issue.input) ?? "",
    ),
  );
  return v.optional(v.pipe(v.array(item), v.maxLength(MAX_GRANT_ITEMS, `has more than ${MAX_GRANT_ITEMS} items`)), []);
}

function hostGrantProblem(item: string): string | null {
  const parsed = parseHostGrant(item);
  return "problem" in parsed ? parsed.problem : null;
}

/** Capabilities the user gave a guest. Nothing is granted by default. */
export const GrantsSchema = v.strictObject({
  /** Hosts that `http/fetch` reaches: `HOST:PORT`, with `http://` in front without TLS; see `parseHostGrant`. */
  hosts: items(hostGrantProblem),
  /** Names of environment variables whose values it gets. */
  env: v.optional(
    v.pipe(
      v.array(v.pipe(v.string(), v.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "not the name of an environment variable"))),
      v.maxLength(MAX_GRANT_ITEMS, `has more than ${MAX_GRANT_ITEMS} items`),
    ),
    [],
  ),
  /** Files that `files/read` gives, relative to the folder of the declaration. */
  files: items(fileGrantProblem),
  /** The real clock instead of the deterministic one. */
  clock: v.optional(v.boolean(), false),
  /** Real random bytes instead of the deterministic ones. */
  random: v.optional(v.boolean(), false),
  /** Sensitive attributes whose values it gets: `TYPE.ATTRIBUTE`; see `sensitiveGrantProblem`. */
  sensitive: items(sensitiveGrantProblem),
});

export type Grants = v.InferOutput<typeof GrantsSchema>;

/** What a guest without any grant has. */
export const NO_GRANTS: Grants = { hosts: [], env: [], files: [], clock: false, random: false, sensitive: [] };

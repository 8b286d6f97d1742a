import type { Grants } from "../protocol/grants.js";

/**
 * The whole environment of an executable:
 *
 * - the variables granted by name that are set; one that is not set is absent, not empty;
 * - `PATH` as it is, because the interpreter of `#!/usr/bin/env node` is found by it. It tells the guest the names of
 *   some folders and no secret; an executable runs with the rights of the user and could read them anyway;
 * - `LANG=C.UTF-8`, so that an interpreter reads and writes UTF-8, unless LANG itself is granted and set.
 *
 * Nothing else: no HOME, no credentials.
 */
export function grantedEnvironment(
  grants: Pick<Grants, "env">,
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const granted = new Map([["LANG", "C.UTF-8"]]);
  for (const name of ["PATH", ...grants.env]) {
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (value !== undefined) granted.set(name, value);
  }
  return Object.fromEntries(granted);
}

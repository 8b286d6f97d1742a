import type { Grants } from "../protocol/grants.js";

/**
 * The whole environment of an executable: the variables granted by name that are set. One that is not set is absent,
 * not empty. Nothing else: no HOME, no PATH, no credentials.
 */
export function grantedEnvironment(
  grants: Pick<Grants, "env">,
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const granted = new Map<string, string>();
  for (const name of grants.env) {
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (value !== undefined) granted.set(name, value);
  }
  return Object.fromEntries(granted);
}

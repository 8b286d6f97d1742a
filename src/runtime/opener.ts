import { startExecutable } from "../../runtimes/executable/executable-guest.js";
import type { ExecutableSpec, Guest, GuestObserver } from "../../runtimes/guest.js";
import type { IntegrationDeclaration } from "../declare/declaration.js";
import { grantedEnvironment } from "../package/environment.js";
import type { IntegrationPackage } from "../package/integration-package.js";
import type { Limits } from "../protocol/limits.js";
import type { Sandbox } from "../sandbox/sandbox.js";

/** Opens a fresh guest of one integration. */
export type OpenGuest = (observer: GuestObserver) => Promise<Guest>;

/** Where guests come to life. */
export interface GuestHome {
  readonly sandbox: Sandbox;
  /** What granted environment variables are taken from. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Makes room for up to `instances` guests of one integration, in the sandbox or as processes of their own. */
export function guestOpener(
  { sandbox, environment }: GuestHome,
  { name, grants }: IntegrationDeclaration,
  found: IntegrationPackage,
  limits: Limits,
  instances: number,
): OpenGuest {
  if (found.kind === "executable" || found.code === null) {
    const searchPath = environment["PATH"];
    const spec: ExecutableSpec = {
      kind: "executable",
      name,
      path: found.path,
      directory: found.directory,
      environment: grantedEnvironment(grants, environment),
      limits,
      ...(searchPath !== undefined && { searchPath }),
    };
    return (observer) => startExecutable(spec, observer);
  }
  const poolId = sandbox.addPool({ kind: found.kind, name, code: found.code, limits, grants }, instances);
  return (observer) => sandbox.open(poolId, observer);
}

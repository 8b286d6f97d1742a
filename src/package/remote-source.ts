import { PackageError } from "./package-error.js";

/** `https://…`, `git::https://…`, `oci://…`, `git@host:path`. */
const URL_LIKE = /^(?:[a-z][a-z0-9+.-]*:\/\/|[a-z][a-z0-9]*::|[^/@]+@[^/:]+:)/i;
/** `host/namespace/name`: the host holds a dot, but does not start with one. */
const REGISTRY_LIKE = /^[^./\\][^/\\]*\.[^/\\]+\/[^/]+\/[^/]+/;

/**
 * Refuses sources on other machines, by their form alone: what such a source means must not depend on which files
 * happen to be here. Throws `PackageError` PACKAGE_REMOTE_SOURCE.
 */
export function refuseRemote(source: string): void {
  if (!URL_LIKE.test(source) && !REGISTRY_LIKE.test(source)) return;
  const local = URL_LIKE.test(source) ? "./integrations/my-integration" : `./${source}`;
  throw new PackageError("PACKAGE_REMOTE_SOURCE", `the source "${source}" is not a local path`, {
    remedy: `Only local paths are supported: fetch it first, then name it by its path, such as "${local}".`,
  });
}

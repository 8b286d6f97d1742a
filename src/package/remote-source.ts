import { quote } from "../base/quote.js";
import { PackageError } from "./package-error.js";
import { parseSource } from "./source/parse-source.js";
import { SourceError } from "./source/source-error.js";

/**
 * Refuses sources on other machines, by their form alone: what such a source means must not depend on which files
 * happen to be here. Throws `PackageError` PACKAGE_REMOTE_SOURCE.
 */
export function refuseRemote(source: string): void {
  let cause: unknown;
  try {
    if (parseSource(source).kind === "local") return;
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    cause = error;
  }
  const local = /:|^[^/]*@/.test(source) ? "./integrations/my-integration" : `./${source}`;
  throw new PackageError("PACKAGE_REMOTE_SOURCE", `the source ${quote(source)} is not a local path`, {
    remedy: `Declare it and run \`airlock init\`; a path of this machine is written such as "${local}".`,
    ...(cause !== undefined && { cause }),
  });
}

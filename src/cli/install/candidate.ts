import { quote } from "../../base/quote.js";
import { remedyForUnknown } from "../../base/nearest.js";
import type { IntegrationDeclarationInput } from "../../declare/declaration.js";
import type { DeclarationsRead } from "../../declare/read.js";
import { fetchCandidate } from "../../install/candidate.js";
import { InstallError } from "../../install/install-error.js";
import { wantedSources } from "../../install/wanted.js";
import { BesideRuntime } from "../../runtime/beside.js";
import type { Runtime, RuntimeOptions } from "../../runtime/types.js";
import { parseVersion } from "../../package/version/version.js";
import { CliError } from "../cli-error.js";
import type { CliIo } from "../io.js";
import { installPlace } from "./place.js";

/** A candidate that was fetched and verified, and not pinned. */
export interface FetchedCandidate {
  readonly name: string;
  readonly version: string;
  /** The folder of its package. */
  readonly folder: string;
}

/** `NAME@VERSION`. Throws `CliError` CLI_USAGE, and `VersionError`. */
export function parseCandidate(text: string): { readonly name: string; readonly version: string } {
  const [name = "", version = "", ...more] = text.split("@");
  if (name !== "" && version !== "" && more.length === 0) return { name, version: parseVersion(version).text };
  throw new CliError("CLI_USAGE", `${quote(text)} is no NAME@VERSION`, {
    remedy: "Write for example --shadow budget@1.3.0",
  });
}

/** Fetches the candidate as `init` would, and leaves the lock as it is. */
export async function fetchBeside(
  text: string,
  declared: DeclarationsRead,
  root: string,
  mirror: string | undefined,
  io: CliIo,
): Promise<FetchedCandidate> {
  const { name, version } = parseCandidate(text);
  const sources = wantedSources(declared);
  const wanted = sources.find(({ uses }) => uses.some((use) => use.name === name));
  if (wanted === undefined) {
    const known = sources.flatMap(({ uses }) => uses.map((use) => use.name));
    throw new InstallError("INSTALL_UNKNOWN_NAME", `no integration ${quote(name)} from elsewhere is declared`, {
      remedy: remedyForUnknown(name, known),
    });
  }
  const { place, status } = await installPlace(io, { root, trust: declared.trust, mirror });
  const { package: found } = await fetchCandidate(wanted, place.origin(wanted.source), version, place).finally(() => {
    status.clear();
  });
  return { name, version, folder: found.folder };
}

/** The declaration of a candidate: no request leaves it, so that nothing is asked or sent twice. */
function beside({ folder }: FetchedCandidate, current: IntegrationDeclarationInput): IntegrationDeclarationInput {
  const { version: _version, unsigned: _unsigned, ...rest } = current;
  return {
    ...rest,
    source: folder,
    after: [],
    onError: "warn",
    isolation: "required",
    grants: { ...current.grants, hosts: [] },
  };
}

/** A runtime with the candidate beside it. */
export async function withCandidate(
  fetched: FetchedCandidate,
  options: RuntimeOptions,
  create: (options: RuntimeOptions) => Runtime | Promise<Runtime>,
): Promise<BesideRuntime> {
  const { observer: _observer, ...quiet } = options;
  const own = options.integrations.filter(({ name }) => name === fetched.name).map((one) => beside(fetched, one));
  const runtime = await create({ ...quiet, integrations: own });
  const declaration = (current: IntegrationDeclarationInput) => beside(fetched, current);
  return new BesideRuntime(await create(options), { name: fetched.name, runtime, declaration });
}

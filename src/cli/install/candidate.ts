import { quote } from "../../base/quote.js";
import { remedyForUnknown } from "../../base/nearest.js";
import type { IntegrationDeclarationInput } from "../../declare/declaration.js";
import type { DeclarationsRead } from "../../declare/read.js";
import { fetchCandidate } from "../../install/candidate.js";
import { InstallError } from "../../install/install-error.js";
import { wantedSources } from "../../install/wanted.js";
import { renderComparison } from "../../report/comparison.js";
import { BesideRuntime } from "../../runtime/beside.js";
import type { Runtime, RuntimeOptions } from "../../runtime/types.js";
import { parseVersion } from "../../package/version/version.js";
import { CliError } from "../cli-error.js";
import type { CommandContext } from "../command.js";
import type { CliIo } from "../io.js";

/** A candidate that was fetched and verified, and not pinned. */
interface FetchedCandidate {
  readonly name: string;
  readonly version: string;
  /** The folder of its package. */
  readonly folder: string;
}

/** `NAME@VERSION`. Throws `CliError` CLI_USAGE, and `VersionError`. */
function parseCandidate(text: string): { readonly name: string; readonly version: string } {
  const [name = "", version = "", ...more] = text.split("@");
  if (name !== "" && version !== "" && more.length === 0) return { name, version: parseVersion(version).text };
  throw new CliError("CLI_USAGE", `${quote(text)} is no NAME@VERSION`, {
    remedy: "Write for example --shadow budget@1.3.0",
  });
}

/** Fetches the candidate as `init` would, and leaves the lock as it is. */
async function fetchBeside(
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
  // What asks hosts is loaded only by those who do.
  const { installPlace } = await import("./place.js");
  const { place, status } = await installPlace(io, { root, trust: declared.trust, mirror });
  const { package: found } = await fetchCandidate(wanted, place.origin(wanted.source), version, place).finally(() => {
    status.clear();
  });
  return { name, version, folder: found.folder };
}

/** The declaration of a candidate: no request leaves it, so that nothing is asked or sent twice. */
function beside({ folder }: FetchedCandidate, current: IntegrationDeclarationInput): IntegrationDeclarationInput {
  return {
    ...current,
    source: folder,
    // A folder of the cache is a local source.
    version: undefined,
    unsigned: false,
    after: [],
    onError: "warn",
    isolation: "required",
    grants: { ...current.grants, hosts: [] },
  };
}

/** A command that runs with a candidate beside it. */
export class CandidateRun {
  readonly #text: string;
  readonly #mirror: string | undefined;
  readonly #context: CommandContext;
  #fetched: FetchedCandidate | null = null;
  #runtime: BesideRuntime | null = null;

  /** Throws `CliError` CLI_USAGE, and `VersionError`. */
  constructor(text: string, mirror: string | undefined, context: CommandContext) {
    parseCandidate(text);
    this.#text = text;
    this.#mirror = mirror;
    this.#context = context;
  }

  /** Fetches the candidate; to be called before `createRuntime`. */
  async fetch(declared: DeclarationsRead, root: string): Promise<void> {
    this.#fetched = await fetchBeside(this.#text, declared, root, this.#mirror, this.#context.io);
  }

  /** The runtime of the command, with the candidate beside it. */
  async createRuntime(options: RuntimeOptions): Promise<Runtime> {
    const { services } = this.#context;
    const fetched = this.#fetched;
    const main = await services.createRuntime(options);
    if (fetched === null) return main;
    // What the candidate logs is not the run's.
    const quiet = { ...options, observer: () => undefined };
    const own = options.integrations.filter(({ name }) => name === fetched.name).map((one) => beside(fetched, one));
    const runtime = await services.createRuntime({ ...quiet, integrations: own });
    const declaration = (current: IntegrationDeclarationInput) => beside(fetched, current);
    this.#runtime = new BesideRuntime(main, { name: fetched.name, runtime, declaration });
    return this.#runtime;
  }

  /** What came of it, for people. */
  render(): string {
    if (this.#fetched === null || this.#runtime === null) return "";
    return renderComparison(this.#fetched.name, this.#fetched.version, this.#runtime.comparison);
  }
}

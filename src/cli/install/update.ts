import { resolve } from "node:path";
import { remedyForUnknown } from "../../base/nearest.js";
import { quote } from "../../base/quote.js";
import { InstallError } from "../../install/install-error.js";
import { wantedSources } from "../../install/wanted.js";
import { EXIT_CODES } from "../../report/exit-code.js";
import type { ExitCode } from "../../report/exit-code.js";
import type { CommandContext } from "../command.js";
import { runInstall } from "./run-install.js";

/** What the command line of `update` says. */
export interface UpdateOptions {
  readonly config: string;
  readonly approve: readonly string[];
  readonly mirror?: string;
}

/** Runs `airlock update NAME…`: moves what is named to the newest version that is allowed, and starts nothing. */
export async function runUpdate(
  names: readonly string[],
  { config, approve, mirror }: UpdateOptions,
  { io, services }: CommandContext,
): Promise<ExitCode> {
  const root = resolve(io.cwd, config);
  const declared = await services.readDeclarations(root);
  const known = wantedSources(declared).flatMap(({ uses }) => uses.map(({ name }) => name));
  const unknown = [...names, ...approve].find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new InstallError("INSTALL_UNKNOWN_NAME", `no integration ${quote(unknown)} from elsewhere is declared`, {
      remedy: remedyForUnknown(unknown, known),
    });
  }
  await runInstall({ declared, root, upgrade: new Set(names), approved: approve, mayAsk: true, mirror }, io);
  return EXIT_CODES.ok;
}

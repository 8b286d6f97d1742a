import { safeLine, safeLines } from "../../base/neutralise.js";
import type { DeclarationsRead } from "../../declare/read.js";
import { install } from "../../install/install.js";
import type { Installed } from "../../install/install.js";
import { LOCK_FILE } from "../../install/lock/lock.js";
import type { InstallWish } from "../../install/place.js";
import type { CliIo } from "../io.js";
import { installPlace } from "./place.js";

/** What to install, and how. */
export interface InstallRequest {
  readonly declared: DeclarationsRead;
  readonly root: string;
  readonly upgrade: InstallWish["upgrade"];
  readonly approved: readonly string[];
  /** Whether the user may be asked. */
  readonly mayAsk: boolean;
  readonly mirror?: string | undefined;
}

/** Installs and says on standard error what changed; nothing where nothing did. Rejects as `install` does. */
export async function runInstall(request: InstallRequest, io: CliIo): Promise<void> {
  const { declared, root, upgrade, approved, mayAsk, mirror } = request;
  const { place, status } = await installPlace(io, { root, trust: declared.trust, mirror });
  const ask = async (question: string): Promise<boolean> => {
    status.clear();
    io.stderr.write(`${safeLines(question, 500, 100).join("\n")}\nOnly "yes" agrees: `);
    return (await io.readLine())?.trim() === "yes";
  };
  const wish: InstallWish = { upgrade, approved: new Set(approved), ...(mayAsk && io.stdinIsTTY && { ask }) };
  const { installed, lockChanged } = await install(declared, place, wish).finally(() => {
    status.clear();
  });
  for (const one of installed)
    if (one.version !== one.before) io.stderr.write(`airlock: ${safeLine(installedText(one))}\n`);
  if (lockChanged) io.stderr.write(`airlock: ${LOCK_FILE} has changed; commit it\n`);
}

function installedText({ source, version, before, unsigned }: Installed): string {
  const how = before === null ? `installed ${source} ${version}` : `moved ${source} from ${before} to ${version}`;
  return unsigned ? `${how}, which nobody signed` : how;
}

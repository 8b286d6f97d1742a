import { resolve } from "node:path";
import { safeLine } from "../../base/neutralise.js";
import { mirrorPinned } from "../../install/mirror.js";
import { openOrigin } from "../../package/origin/open-origin.js";
import { EXIT_CODES } from "../../report/exit-code.js";
import type { ExitCode } from "../../report/exit-code.js";
import { toJsonText } from "../../report/json.js";
import type { CommandContext, Format } from "../command.js";
import { originSettings } from "../origin-settings.js";
import { StatusLine } from "../status-line.js";

/** What the command line of `mirror` says. */
export interface MirrorOptions {
  readonly config: string;
  readonly format: Format;
}

/** Runs `airlock mirror FOLDER`. Rejects as `mirrorPinned` does. */
export async function runMirror(
  folder: string,
  { config, format }: MirrorOptions,
  { io, services }: CommandContext,
): Promise<ExitCode> {
  const root = resolve(io.cwd, config);
  const status = new StatusLine(io.stderr, undefined, "bytes");
  const settings = await originSettings(io, status);
  const declared = await services.readDeclarations(root);
  const place = {
    root,
    folder: resolve(io.cwd, folder),
    origin: (source: Parameters<typeof openOrigin>[0]) => openOrigin(source, settings),
  };
  const mirrored = await mirrorPinned(declared, place).finally(() => {
    status.clear();
  });
  const text = mirrored.map(({ source, version, archives, result }) => {
    const what =
      result === "unchanged" ? "was there already" : `copied, ${archives} ${archives === 1 ? "archive" : "archives"}`;
    return `${safeLine(`${source} ${version}`)} ${what}\n`;
  });
  io.stdout.write(format === "json" ? toJsonText({ folder: place.folder, packages: mirrored }) : text.join(""));
  return EXIT_CODES.ok;
}

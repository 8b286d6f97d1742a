import { resolve } from "node:path";
import { safeLine } from "../base/neutralise.js";
import { yankInFolder } from "../package/origin/publish/registry-folder.js";
import { readPublishable } from "../package/origin/publish/read-publishable.js";
import { openPublisher } from "../package/origin/publish/open-publisher.js";
import { EXIT_CODES } from "../report/exit-code.js";
import type { ExitCode } from "../report/exit-code.js";
import { toJsonText } from "../report/json.js";
import { CliError } from "./cli-error.js";
import type { CommandContext, Format } from "./command.js";
import { originSettings } from "./origin-settings.js";
import { StatusLine } from "./status-line.js";

/** The arguments of `airlock publish`. */
export interface PublishArguments {
  readonly paths: readonly string[];
  readonly to: string;
  readonly format: Format;
}

/** Publishes all packages, or those before the first that cannot be. Rejects with `PackageError` and `RegistryError`. */
export async function runPublish({ paths, to, format }: PublishArguments, context: CommandContext): Promise<ExitCode> {
  const { io } = context;
  const packages = await readPublishable(paths.map((path) => resolve(io.cwd, path)));
  const place = to.startsWith("oci://") ? to : resolve(io.cwd, to);
  const publish = openPublisher(place, await originSettings(io, new StatusLine(io.stderr)));
  const done: object[] = [];
  for (const published of packages) {
    const { name, version, kind, archives } = published;
    const publication = await publish(published);
    const listed = archives.map(({ platform, digest, bytes, bundles }) => ({
      platform,
      digest,
      size: bytes.byteLength,
      signatures: bundles.length,
    }));
    done.push({ name, version, kind, result: publication, archives: listed });
    if (format === "json") continue;
    const what = publication === "unchanged" ? "was there already" : "published";
    io.stdout.write(`${safeLine(`${name} ${version}`)} ${what}\n`);
    for (const { platform, digest, signatures } of listed) {
      io.stdout.write(`  ${(platform ?? "any").padEnd(14)} ${digest}  ${signatureText(signatures)}\n`);
    }
  }
  if (format === "json") io.stdout.write(toJsonText({ to: place, packages: done }));
  return EXIT_CODES.ok;
}

function signatureText(count: number): string {
  if (count === 0) return "not signed";
  return count === 1 ? "1 signature" : `${count} signatures`;
}

/** The arguments of `airlock yank`. */
export interface YankArguments {
  readonly version: string;
  readonly to: string;
  readonly reason: string;
  readonly undo: boolean;
}

/** Rejects with `RegistryError` REGISTRY_NOT_FOUND, REGISTRY_FOLDER, and `CliError` CLI_USAGE. */
export async function runYank({ version, to, reason, undo }: YankArguments, { io }: CommandContext): Promise<ExitCode> {
  const [name = "", number, more] = version.split("@");
  if (number === undefined || more !== undefined) {
    throw new CliError("CLI_USAGE", `${JSON.stringify(version)} is not NAMESPACE/NAME@VERSION`, {
      remedy: "Write it as acme/budget@1.2.0.",
    });
  }
  await yankInFolder(name, number, undo ? null : safeLine(reason, 500), resolve(io.cwd, to));
  io.stdout.write(`${safeLine(version)} ${undo ? "is no longer withdrawn" : "is withdrawn"}\n`);
  return EXIT_CODES.ok;
}

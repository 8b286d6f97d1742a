import { formatSize } from "../../base/size-text.js";
import { safeLine } from "../../base/neutralise.js";
import { ARCHIVE_LIMITS } from "../../package/archive/limits.js";
import { readArchive } from "../../package/archive/read.js";
import type { ArchiveContents } from "../../package/archive/types.js";
import { digestBytes } from "../../package/regular-file.js";
import { EXIT_CODES } from "../../report/exit-code.js";
import type { ExitCode } from "../../report/exit-code.js";
import { toJsonText } from "../../report/json.js";
import type { CommandContext, Format } from "../command.js";
import { grantsText } from "../inspect.js";
import { readNamed } from "./read-file.js";

/** Runs `airlock inspect ARCHIVE`: all that is in it, read in memory. Throws `PackageError` for one that is refused. */
export async function runInspectArchive(source: string, format: Format, context: CommandContext): Promise<ExitCode> {
  const contents = readArchive(await readNamed(context.io.cwd, source, ARCHIVE_LIMITS.archiveBytes));
  const { manifest, platform, entry, digest, size } = contents;
  const main = contents.files.find(({ path }) => path === entry);
  const description =
    manifest.kind === "wasm" && main !== undefined ? await context.services.describeModule(main.bytes) : null;
  const inspection = {
    source,
    kind: manifest.kind,
    flavour: description?.flavour ?? null,
    platform,
    digest,
    size,
    entry,
    hooks: manifest.hooks ?? null,
    imports: description?.imports ?? null,
    exports: description?.exports ?? null,
    memory: description?.memory ?? null,
    manifest,
    files: filesOf(contents),
  };
  context.io.stdout.write(
    format === "json" ? toJsonText(inspection) : render(source, contents, description?.imports ?? null),
  );
  return EXIT_CODES.ok;
}

function filesOf({ files }: ArchiveContents) {
  return files.map(({ path, mode, bytes }) => ({
    path,
    executable: mode === 0o755,
    size: bytes.length,
    digest: digestBytes(bytes),
  }));
}

function render(source: string, contents: ArchiveContents, imports: readonly string[] | null): string {
  const { manifest, platform, entry, digest, size, files } = contents;
  const rows: [label: string, text: string | null | undefined][] = [
    ["source", safeLine(source)],
    ["package", `${manifest.namespace}/${manifest.name} ${manifest.version}`],
    ["kind", manifest.kind],
    ["platform", platform ?? "any"],
    ["digest", digest],
    ["size", formatSize(size)],
    ["entry", safeLine(entry)],
    ["hooks", manifest.hooks?.join(", ")],
    ["imports", imports?.map((name) => safeLine(name, 200)).join(", ")],
    ["about", manifest.description === undefined ? null : safeLine(manifest.description)],
    ["license", manifest.license === undefined ? null : safeLine(manifest.license, 100)],
    ["wants", grantsText(manifest.wanted_grants) ?? "nothing"],
    ["config", manifest.config_schema === undefined ? null : "checked against the manifest's config_schema"],
    ...files.map(({ path, bytes, mode }): [string, string] => [
      "file",
      `${safeLine(path, 255)}, ${formatSize(bytes.length)}${mode === 0o755 ? ", executable" : ""}`,
    ]),
  ];
  const shown = rows.filter(([, text]) => text !== null && text !== undefined && text !== "");
  return shown.map(([label, text]) => `${label.padEnd(10)}${text ?? ""}\n`).join("");
}

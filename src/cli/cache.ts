import { safeLine } from "../base/neutralise.js";
import { openCache } from "../package/cache/cache.js";
import { collectGarbage, listCache, verifyCache } from "../package/cache/inventory.js";
import { EXIT_CODES } from "../report/exit-code.js";
import type { ExitCode } from "../report/exit-code.js";
import { toJsonText } from "../report/json.js";
import { toTable } from "../report/table.js";
import type { CommandContext, Format } from "./command.js";
import { useColor } from "./io.js";
import type { CliIo } from "./io.js";

const DAY_MS = 24 * 60 * 60 * 1000;

/** `airlock cache list`. Rejects with `CacheError` CACHE_UNREADABLE. */
export async function runCacheList(format: Format, { io }: CommandContext): Promise<ExitCode> {
  const cache = openCache(io.env);
  const entries = (await listCache(cache)).map(({ digest, size, used }) => ({
    digest,
    size,
    used: used.toISOString().slice(0, 10),
  }));
  const rows = entries.map(({ digest, size, used }) => [digest, String(size), used]);
  write(io, format, { folder: cache.folder, packages: entries }, ["DIGEST", "BYTES", "USED"], rows);
  return EXIT_CODES.ok;
}

/** `airlock cache verify`: 1 when something is at fault. Rejects with `CacheError` CACHE_UNREADABLE. */
export async function runCacheVerify(format: Format, { io }: CommandContext): Promise<ExitCode> {
  const cache = openCache(io.env);
  const verdicts = (await verifyCache(cache)).map(({ digest, name, platform, fault }) => ({
    digest,
    name,
    platform,
    fault: fault === null ? null : { code: fault.code, message: fault.message },
  }));
  const rows = verdicts.map(({ digest, name, fault }) => [
    fault === null ? "ok" : fault.code,
    digest,
    safeLine(fault?.message ?? name ?? "not unpacked"),
  ]);
  write(io, format, { folder: cache.folder, packages: verdicts }, ["STATUS", "DIGEST", "PACKAGE"], rows);
  return verdicts.some(({ fault }) => fault !== null) ? EXIT_CODES.fail : EXIT_CODES.ok;
}

/** `airlock cache gc`. Rejects with `CacheError`. */
export async function runCacheGc(unusedDays: number, format: Format, { io }: CommandContext): Promise<ExitCode> {
  const cache = openCache(io.env);
  const since = new Date(unusedDays === 0 ? 8.64e15 : Date.now() - unusedDays * DAY_MS);
  const { digests, bytes } = await collectGarbage(cache, since);
  const text = `removed ${digests.length} ${digests.length === 1 ? "package" : "packages"}, ${bytes} bytes\n`;
  io.stdout.write(format === "json" ? toJsonText({ folder: cache.folder, removed: digests, bytes }) : text);
  return EXIT_CODES.ok;
}

function write(io: CliIo, format: Format, json: object, names: string[], rows: string[][]): void {
  const { stdout } = io;
  const table = { columns: stdout.isTTY ? stdout.columns : null, color: useColor(stdout, io.env) };
  stdout.write(format === "json" ? toJsonText(json) : toTable(names, rows, table));
}

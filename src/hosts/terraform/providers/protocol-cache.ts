import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { readBytes } from "../../../declare/files.js";
import { parseJson } from "../../../protocol/json.js";
import type { ProtocolVersion } from "./reattach.js";

const MAX_BYTES = 64 * 1024;
/** Those learned last are kept; each takes about 60 bytes. */
const MAX_ENTRIES = 500;

const File = v.object({
  format: v.literal(1),
  protocols: v.pipe(
    v.record(v.pipe(v.string(), v.regex(/^h1:[A-Za-z0-9+/]{43}=$/)), v.picklist([5, 6])),
    v.maxEntries(MAX_ENTRIES),
  ),
});

/**
 * Which protocol version a provider speaks, by the digest of its package, in `airlock/protocols.json` of core's data
 * folder. Core has to be told before the provider starts, and only a started one says it.
 *
 * The file is not trusted: one that is not of its form counts as empty, and a wrong version shows when the provider
 * starts (PROVIDER_PROTOCOL), after which it is forgotten. A file that cannot be written costs a start in each run.
 */
export class ProtocolCache {
  readonly #folder: string;
  #entries: Promise<Map<string, ProtocolVersion>> | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(dataDir: string) {
    this.#folder = join(dataDir, "airlock");
  }

  async get(digest: string): Promise<ProtocolVersion | undefined> {
    return (await this.#load()).get(digest);
  }

  async set(digest: string, protocol: ProtocolVersion): Promise<void> {
    const entries = await this.#load();
    entries.delete(digest);
    entries.set(digest, protocol);
    await this.#save(entries);
  }

  async forget(digest: string): Promise<void> {
    const entries = await this.#load();
    if (entries.delete(digest)) await this.#save(entries);
  }

  #load(): Promise<Map<string, ProtocolVersion>> {
    return (this.#entries ??= readEntries(join(this.#folder, "protocols.json")));
  }

  #save(entries: ReadonlyMap<string, ProtocolVersion>): Promise<void> {
    const protocols = Object.fromEntries([...entries].slice(-MAX_ENTRIES));
    const text = `${JSON.stringify({ format: 1, protocols }, undefined, 2)}\n`;
    return (this.#writing = this.#writing.then(() => writeWhole(this.#folder, text)));
  }
}

async function readEntries(path: string): Promise<Map<string, ProtocolVersion>> {
  try {
    if ((await stat(path)).size > MAX_BYTES) return new Map();
    const value = parseJson((await readBytes(path)).toString("utf8"), MAX_BYTES);
    return new Map(Object.entries(v.parse(File, value).protocols));
  } catch {
    return new Map();
  }
}

/** By rename, so that a reader never sees half of it. Never rejects. */
async function writeWhole(folder: string, text: string): Promise<void> {
  const draft = join(folder, `protocols.json.${process.pid}`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(draft, text);
    await rename(draft, join(folder, "protocols.json"));
  } catch {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

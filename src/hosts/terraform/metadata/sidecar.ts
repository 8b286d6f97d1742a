import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { errorCode } from "../../../base/error-code.js";
import { overBounds } from "../../../protocol/json.js";
import { NO_METADATA, StoredDataSchema } from "./entry.js";
import type { StoredMetadata } from "./entry.js";
import { MetadataError } from "./metadata-error.js";

/** Where it stands, from the root module. */
export const SIDECAR_FILE = join(".airlock", "metadata.json");
const FORMAT = 1;
/** A larger file is not read, in bytes. */
const MAX_BYTES = 256 * 1024 ** 2;
const MAX_DEPTH = 100;

const ByIntegration = v.record(
  v.string(),
  v.object({ version: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0), data: StoredDataSchema }),
);
const SidecarSchema = v.object({
  format: v.literal(FORMAT),
  /** Workspace, then address, then integration. */
  workspaces: v.record(v.string(), v.record(v.string(), ByIntegration)),
});

type Addresses = Map<string, StoredMetadata>;

/** Reads what the file holds; nothing when there is none. Throws `MetadataError` METADATA_SIDECAR. */
async function load(path: string): Promise<Map<string, Addresses>> {
  let text: string;
  try {
    if ((await stat(path)).size > MAX_BYTES) throw new Error(`it holds more than ${MAX_BYTES} bytes`);
    text = await readFile(path, "utf8");
    if (overBounds(text, MAX_DEPTH, Infinity) !== null) throw new Error(`it nests deeper than ${MAX_DEPTH} levels`);
    const { workspaces } = v.parse(SidecarSchema, JSON.parse(text));
    return new Map(
      Object.entries(workspaces).map(([name, addresses]) => [
        name,
        new Map(Object.entries(addresses).map(([address, stored]) => [address, new Map(Object.entries(stored))])),
      ]),
    );
  } catch (cause) {
    if (errorCode(cause) === "ENOENT") return new Map();
    throw sidecarError("read", path, cause);
  }
}

function sidecarError(what: "read" | "written", path: string, cause: unknown): MetadataError {
  const reason =
    cause instanceof SyntaxError ? "it is not JSON" : cause instanceof Error ? cause.message : "unknown reason";
  return new MetadataError("METADATA_SIDECAR", `${path} cannot be ${what}: ${reason}`, {
    cause,
    remedy:
      what === "read"
        ? "Mend it, take it from version control, or remove it: only metadata that the state cannot hold is in it."
        : "See that its folder may be written to.",
  });
}

function toJson(workspaces: ReadonlyMap<string, Addresses>): string {
  const sorted = <T>(map: ReadonlyMap<string, T>): [string, T][] => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  const plain = sorted(workspaces).map(([name, addresses]) => [
    name,
    Object.fromEntries(sorted(addresses).map(([address, stored]) => [address, Object.fromEntries(sorted(stored))])),
  ]);
  return `${JSON.stringify({ format: FORMAT, workspaces: Object.fromEntries(plain) as unknown }, null, 2)}\n`;
}

/**
 * Metadata that the state has no place for: of resources whose private bytes are no JSON object, and of those inside
 * core. One file beside the configuration, for one workspace of it.
 */
export class Sidecar {
  readonly #path: string;
  readonly #workspace: string;
  readonly #addresses: ReadonlyMap<string, StoredMetadata>;
  readonly #changes = new Map<string, StoredMetadata>();

  private constructor(path: string, workspace: string, addresses: ReadonlyMap<string, StoredMetadata>) {
    this.#path = path;
    this.#workspace = workspace;
    this.#addresses = addresses;
  }

  /** Throws `MetadataError` METADATA_SIDECAR. */
  static async read(root: string, workspace: string): Promise<Sidecar> {
    const path = join(root, SIDECAR_FILE);
    return new Sidecar(path, workspace, (await load(path)).get(workspace) ?? new Map());
  }

  /** As where there is no such file yet. */
  static empty(root: string, workspace: string): Sidecar {
    return new Sidecar(join(root, SIDECAR_FILE), workspace, new Map());
  }

  /** Every address that has something. */
  get addresses(): readonly string[] {
    const all = new Set([...this.#addresses.keys(), ...this.#changes.keys()]);
    return [...all].filter((address) => this.of(address).size > 0).sort();
  }

  of(address: string): StoredMetadata {
    return this.#changes.get(address) ?? this.#addresses.get(address) ?? NO_METADATA;
  }

  /** Nothing removes the address. */
  set(address: string, metadata: StoredMetadata): void {
    this.#changes.set(address, metadata);
  }

  /**
   * Writes what was set into the file as it is by then; without anything in it the file goes. Throws `MetadataError`
   * METADATA_SIDECAR.
   */
  async save(): Promise<void> {
    if (this.#changes.size === 0) return;
    const workspaces = await load(this.#path);
    const addresses = new Map(workspaces.get(this.#workspace));
    for (const [address, metadata] of this.#changes) {
      if (metadata.size === 0) addresses.delete(address);
      else addresses.set(address, metadata);
    }
    if (addresses.size === 0) workspaces.delete(this.#workspace);
    else workspaces.set(this.#workspace, addresses);
    const temporary = `${this.#path}.${randomUUID()}.tmp`;
    try {
      if (workspaces.size === 0) {
        await rm(this.#path, { force: true });
        return;
      }
      await mkdir(dirname(this.#path), { recursive: true });
      await writeFile(temporary, toJson(workspaces), { flag: "wx" });
      await rename(temporary, this.#path);
    } catch (cause) {
      await rm(temporary, { force: true });
      throw sidecarError("written", this.#path, cause);
    }
  }
}

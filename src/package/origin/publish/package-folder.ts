import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { errorCode } from "../../../base/error-code.js";
import { quote } from "../../../base/quote.js";
import { withLock } from "../../file-lock.js";
import { readBounded } from "../../regular-file.js";
import { PARTIAL, writeWhole } from "../../write-file.js";
import { MAX_DOCUMENT_BYTES } from "../http/http-limits.js";
import { readDocument } from "../read-document.js";
import { isVersion, RELEASE_FILE, ReleaseSchema, VERSIONS_FILE, VersionsSchema } from "../registry/documents.js";
import type { ReleaseDocument, VersionsDocument } from "../registry/documents.js";
import { RegistryError } from "../registry-error.js";
import { documentText, releaseDocument, versionEntry, versionsDocument } from "./published.js";
import type { PublishedPackage } from "./published.js";

type VersionEntry = VersionsDocument["versions"][number];

/** What became of a version. */
export type Publication = "published" | "unchanged";

/** The folder of one package, in a registry or a mirror: one folder for each version, and the list of them. */
export class PackageFolder {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Adds a version: its folder appears as a whole, then in the list. The same once more changes nothing. Safe beside other
   * processes. Rejects with `RegistryError` REGISTRY_VERSION_EXISTS when the version is there with other contents, and REGISTRY_FOLDER.
   */
  async add(published: PublishedPackage): Promise<Publication> {
    const release = releaseDocument(published);
    return this.#changing(async () => {
      const there = await this.#release(published.version);
      if (there !== null && documentText(there) !== documentText(release)) throw exists(published);
      if (there === null) await this.#write(published, release);
      await this.#list(() => undefined);
      return there === null ? "published" : "unchanged";
    });
  }

  /** Marks a version as withdrawn, with a reason; null takes that back. Rejects with `RegistryError` REGISTRY_NOT_FOUND, REGISTRY_FOLDER. */
  async yank(version: string, reason: string | null): Promise<void> {
    await this.#changing(async () => {
      if (!isVersion(version) || (await this.#release(version)) === null) {
        throw new RegistryError("REGISTRY_NOT_FOUND", `${this.#folder} has no version ${quote(version)}`, {
          remedy: "Check the name and the version.",
        });
      }
      await this.#list((entry) => (entry.version === version ? (reason ?? null) : undefined));
    });
  }

  async #changing<T>(work: () => Promise<T>): Promise<T> {
    try {
      await mkdir(this.#folder, { recursive: true });
      return await withLock(join(this.#folder, `${PARTIAL}lock`), work);
    } catch (error) {
      throw folderFault(this.#folder, error);
    }
  }

  async #write({ version, archives }: PublishedPackage, release: ReleaseDocument): Promise<void> {
    const partial = join(this.#folder, `${PARTIAL}${randomUUID()}`);
    try {
      await mkdir(partial);
      for (const { fileName, bytes } of archives) await writeWhole(join(partial, fileName), bytes);
      await writeWhole(join(partial, RELEASE_FILE), documentText(release));
      await rename(partial, join(this.#folder, version));
    } catch (error) {
      await rm(partial, { recursive: true, force: true });
      throw error;
    }
  }

  /** Made anew from what is there, so that a version whose publisher ended between two steps is listed by the next one. */
  async #list(yanked: (entry: VersionEntry) => string | null | undefined): Promise<void> {
    const path = join(this.#folder, VERSIONS_FILE);
    const old = await readIfThere(path);
    const known = old === null ? [] : readDocument(old, VersionsSchema, path).versions;
    const entries: VersionEntry[] = [];
    for (const version of (await readdir(this.#folder)).filter(isVersion)) {
      const release = await this.#release(version);
      if (release === null) continue;
      const entry = versionEntry(release);
      const asked = yanked(entry);
      const reason = asked === undefined ? known.find((one) => one.version === version)?.yanked : asked;
      entries.push(reason === undefined || reason === null ? entry : { ...entry, yanked: reason });
    }
    await writeWhole(path, documentText(versionsDocument(entries)));
  }

  async #release(version: string): Promise<ReleaseDocument | null> {
    const path = join(this.#folder, version, RELEASE_FILE);
    const bytes = await readIfThere(path);
    return bytes === null ? null : readDocument(bytes, ReleaseSchema, path);
  }
}

/** REGISTRY_FOLDER for what the system refused; other errors stay what they are. */
export function folderFault(folder: string, error: unknown): unknown {
  const code = errorCode(error) ?? "";
  if (!/^(?:E[A-Z]+|PACKAGE_[A-Z_]+)$/.test(code)) return error;
  return new RegistryError("REGISTRY_FOLDER", `${folder} cannot be used: ${code}`, {
    cause: error,
    remedy: "Check its permissions and the space on its disk.",
  });
}

/** The bytes of a small file; null when it is not there. */
export async function readIfThere(path: string): Promise<Uint8Array | null> {
  try {
    return await readBounded(path, MAX_DOCUMENT_BYTES);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    throw error;
  }
}

function exists({ name, version }: PublishedPackage): RegistryError {
  return new RegistryError("REGISTRY_VERSION_EXISTS", `${name} ${version} is published already, with other contents`, {
    remedy: "A published version never changes: raise the version in integration.json, then pack and sign anew.",
  });
}

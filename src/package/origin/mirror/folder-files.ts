import { join, normalize, sep } from "node:path";
import { errorCode } from "../../../base/error-code.js";
import { readBounded } from "../../regular-file.js";
import type { RemoteSource } from "../../source/source.js";
import { MAX_DOCUMENT_BYTES } from "../http/http-limits.js";
import type { ReleaseArchive } from "../origin.js";
import { invalid } from "../read-document.js";
import { MAX_ARCHIVE_BYTES } from "../registry/documents.js";
import type { RegistryFiles } from "../registry/registry-files.js";
import { RegistryError } from "../registry-error.js";

/** Where a source's package is beneath a mirror. No two sources share a place; `:` is no character of all file systems. */
export function mirrorPath(source: RemoteSource): string {
  switch (source.kind) {
    case "registry":
      return join("registry", plain(source.host), source.namespace, source.name);
    case "oci": {
      const pinned = source.digest === null ? `tag=${source.tag ?? ""}` : `digest=${source.digest.slice(7)}`;
      return join("oci", plain(source.host), ...source.repository.split("/"), pinned);
    }
    case "archive":
      return join("archive", source.digest.slice(7));
  }
}

function plain(host: string): string {
  return host.replace(":", "=");
}

/** The files of one package in the folder of a mirror. No request is made. */
export class FolderFiles implements RegistryFiles {
  readonly #folder: string;

  constructor(mirror: string, path: string) {
    this.#folder = join(mirror, path);
  }

  async document(path: string): Promise<{ readonly bytes: Uint8Array; readonly place: string } | null> {
    const place = join(this.#folder, path);
    try {
      return { bytes: await readBounded(place, MAX_DOCUMENT_BYTES), place };
    } catch (error) {
      if (errorCode(error) === "ENOENT") return null;
      throw unreadable(place, error);
    }
  }

  /** A mirror names its own files only: a document that leads out of the package's folder is refused. */
  locate(url: string, path: string): Promise<string> {
    const folder = normalize(join(this.#folder, path, ".."));
    const place = normalize(join(folder, url));
    if (!place.startsWith(`${folder}${sep}`)) {
      return Promise.reject(invalid(join(this.#folder, path), "it names a file that is not beside it"));
    }
    return Promise.resolve(place);
  }

  async archive({ url }: Pick<ReleaseArchive, "url">): Promise<Uint8Array> {
    try {
      return await readBounded(url, MAX_ARCHIVE_BYTES);
    } catch (error) {
      throw unreadable(url, error);
    }
  }
}

function unreadable(place: string, cause: unknown): RegistryError {
  const why = errorCode(cause) ?? String(cause);
  return new RegistryError("REGISTRY_FOLDER", `${place} cannot be read: ${why}`, {
    cause,
    remedy: "Check the folder of the mirror, or fill it again: airlock mirror.",
  });
}

import { realpath, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { errorCode } from "../base/error-code.js";
import { OWN_PLATFORM } from "../base/own-platform.js";
import type { GuestKind } from "../protocol/guest-kind.js";
import { entryOf } from "./entry-of.js";
import { checkExecutable, checkWasm, kindOfFile } from "./file-kind.js";
import { findOnPath } from "./find-on-path.js";
import { findProgram, resolveEntry } from "./folder-entry.js";
import type { IntegrationPackage } from "./integration-package.js";
import type { Manifest } from "./manifest.js";
import { missingSource } from "./missing-source.js";
import { PackageError } from "./package-error.js";
import { readManifest } from "./read-manifest.js";
import { digestBytes, digestFile, readBounded, unreadable } from "./regular-file.js";
import { refuseRemote } from "./remote-source.js";

/** Which integration is looked for, and where. */
export interface PackageRequest {
  /** The integration's declared name. */
  readonly name: string;
  /** As the user wrote it; absent = a program `airlock-integration-NAME` on `path`. */
  readonly source?: string | undefined;
  /** The folder that a relative source starts from. */
  readonly directory: string;
  /** The largest module or script, in bytes; a program of its own is not held to it. */
  readonly moduleBytes: number;
  /** The value of PATH; absent = nothing is found there. */
  readonly path?: string | undefined;
}

/** What was found, before it is read. */
interface Found {
  readonly source: string;
  readonly kind: GuestKind;
  readonly path: string;
  readonly directory: string;
  readonly isFolder: boolean;
  readonly manifest: Manifest | null;
}

/**
 * Finds an integration on disk, checks it as far as that goes without running it, and reads it.
 * Sources: a folder with `integration.json`; a folder with one program of the integration's name; a `.wasm`, `.js` or
 * `.mjs` file; a program; without a source, a program on PATH. Rejects with `PackageError` of every code.
 */
export async function resolvePackage(request: PackageRequest): Promise<IntegrationPackage> {
  try {
    return await load(await find(request), request.moduleBytes);
  } catch (error) {
    const known = error instanceof PackageError || errorCode(error) === undefined;
    const named = known ? error : unreadable(request.source ?? request.name, error);
    if (!(named instanceof PackageError)) throw named;
    const { code, message, remedy, cause } = named;
    throw new PackageError(code, message, {
      integration: request.name,
      ...(remedy === undefined ? {} : { remedy }),
      ...(cause === undefined ? {} : { cause }),
    });
  }
}

async function find({ name, source, directory, path }: PackageRequest): Promise<Found> {
  if (source === undefined) {
    const program = await findOnPath(name, path);
    return {
      source: program,
      kind: "executable",
      path: program,
      directory: dirname(program),
      isFolder: false,
      manifest: null,
    };
  }
  refuseRemote(source);
  const absolute = resolve(directory, source);
  if (await isFolder(source, absolute)) return findInFolder(name, source, await realpath(absolute));
  const kind = await kindOfFile(absolute);
  return { source, kind, path: absolute, directory: dirname(absolute), isFolder: false, manifest: null };
}

async function findInFolder(name: string, source: string, directory: string): Promise<Found> {
  const manifest = await readManifest(directory);
  const own = { source, directory, isFolder: true, manifest };
  if (manifest === null) {
    const path = await findProgram(directory, name);
    return { ...own, kind: await kindOfFile(path), path };
  }
  return { ...own, kind: manifest.kind, path: await resolveEntry(directory, entryOf(manifest, OWN_PLATFORM)) };
}

async function isFolder(source: string, absolute: string): Promise<boolean> {
  try {
    const found = await stat(absolute);
    if (found.isDirectory() || found.isFile()) return found.isDirectory();
  } catch (error) {
    const code = errorCode(error);
    throw code === "ENOENT" || code === "ENOTDIR" ? await missingSource(source, absolute) : unreadable(absolute, error);
  }
  throw new PackageError("PACKAGE_UNREADABLE", `${absolute} is neither a folder nor a regular file`);
}

async function load(found: Found, moduleBytes: number): Promise<IntegrationPackage> {
  try {
    if (found.kind === "executable") {
      await checkExecutable(found.path);
      return { ...found, digest: await digestFile(found.path), code: null };
    }
    const code = await readBounded(found.path, moduleBytes);
    if (found.kind === "wasm") checkWasm(found.path, code);
    return { ...found, digest: digestBytes(code), code };
  } catch (error) {
    // It was there a moment ago.
    throw errorCode(error) === "ENOENT" ? await missingSource(found.source, found.path) : error;
  }
}

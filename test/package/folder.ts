import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import type { IntegrationPackage } from "../../src/package/integration-package.js";
import { PackageError } from "../../src/package/package-error.js";
import { resolvePackage } from "../../src/package/resolve.js";
import type { PackageRequest } from "../../src/package/resolve.js";

/** The smallest module: a head and no section. */
export const WASM = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);

/** A fresh folder for each test, by its real path. */
export function useFolder() {
  const folder = { path: "" };
  beforeEach(() => {
    folder.path = realpathSync(mkdtempSync(join(tmpdir(), "airlock-package-")));
  });
  afterEach(() => {
    rmSync(folder.path, { recursive: true, force: true });
  });

  const at = (name: string): string => join(folder.path, name);
  const write = (name: string, content: string | Uint8Array, mode = 0o644): string => {
    mkdirSync(dirname(at(name)), { recursive: true });
    writeFileSync(at(name), content);
    chmodSync(at(name), mode);
    return at(name);
  };
  const manifest = (name: string, changes: Record<string, unknown> = {}): string =>
    write(
      `${name}/integration.json`,
      JSON.stringify({ name: "sample", version: "1.0.0", kind: "wasm", entry: "main.wasm", ...changes }),
    );
  const resolve = (source: string | undefined, changes: Partial<PackageRequest> = {}): Promise<IntegrationPackage> =>
    resolvePackage({ name: "sample", source, directory: folder.path, moduleBytes: 1_000, ...changes });
  /** The error that resolving ends in; anything but a `PackageError` fails the test. */
  const refusal = async (source: string | undefined, changes: Partial<PackageRequest> = {}): Promise<PackageError> => {
    const error: unknown = await resolve(source, changes).then(
      () => new Error("it was not refused"),
      (reason: unknown) => reason,
    );
    if (!(error instanceof PackageError)) throw error;
    return error;
  };
  return { at, write, manifest, resolve, refusal };
}

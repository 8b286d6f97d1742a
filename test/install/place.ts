import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { readDeclarations } from "../../src/declare/read.js";
import { install } from "../../src/install/install.js";
import type { InstallResult } from "../../src/install/install.js";
import { readLock } from "../../src/install/lock/read-lock.js";
import type { InstallPlace, InstallWish } from "../../src/install/place.js";
import { openCache } from "../../src/package/cache/cache.js";
import type { PackageOrigin, ReleaseArchive } from "../../src/package/origin/origin.js";
import { digestBytes } from "../../src/package/regular-file.js";
import type { Signer } from "../../src/package/signature/types.js";
import { archiveOf, packageFiles } from "../package/archive/archives.js";

export const SOURCE = "registry.example.com/acme/sample";

/** A version as a test publishes it. */
export interface Published {
  readonly version: string;
  readonly yanked?: string;
  /** Changes of its manifest. */
  readonly manifest?: Readonly<Record<string, unknown>>;
  /** Keys that signed it; none = it is unsigned. */
  readonly signedBy?: readonly string[];
  /** Digests of other platforms. */
  readonly others?: Readonly<Record<string, string>>;
  /** What is served in the place of the archive. */
  readonly served?: Uint8Array;
}

/** An origin in memory that counts what it is asked. */
export class MemoryOrigin implements PackageOrigin {
  readonly name = "memory";
  published: readonly Published[];
  asked: string[] = [];

  constructor(published: readonly Published[]) {
    this.published = published;
  }

  versions() {
    this.asked.push("versions");
    return Promise.resolve(this.published.map(({ version, yanked = null }) => ({ version, yanked })));
  }

  release(version: string | null) {
    this.asked.push(`release ${version ?? ""}`);
    const one = this.#find(version);
    const bytes = bytesOf(one);
    const bundles = (one.signedBy ?? []).map((key) => Buffer.from(key));
    const own: ReleaseArchive = {
      platform: null,
      digest: digestBytes(bytes),
      size: bytes.length,
      url: `memory:${one.version}`,
      bundles,
    };
    const others = Object.entries(one.others ?? {}).map(([platform, digest]) => ({ ...own, platform, digest }));
    return Promise.resolve({
      version: one.version,
      kind: null,
      yanked: one.yanked ?? null,
      archives: [own, ...others],
    });
  }

  fetch({ url }: ReleaseArchive) {
    this.asked.push("fetch");
    const one = this.#find(url.replace("memory:", ""));
    return Promise.resolve(one.served ?? bytesOf(one));
  }

  #find(version: string | null): Published {
    const found = this.published.find((one) => one.version === version);
    if (found === undefined) throw new Error(`no ${version ?? "version"}`);
    return found;
  }
}

export function bytesOf({ version, manifest }: Published): Uint8Array {
  return archiveOf(packageFiles({ version, ...manifest }));
}

/** A key of a trust block is read from a file; in these tests a signer is the word that its bundle holds. */
function verify(options: Parameters<InstallPlace["verify"]>[0]): Promise<readonly Signer[]> {
  return Promise.resolve(
    options.bundles.map((bundle) => ({ type: "key" as const, id: keyId(Buffer.from(bundle).toString()) })),
  );
}

export function keyId(word: string): string {
  return digestBytes(Buffer.from(word));
}

export interface Scene {
  readonly root: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly origin: MemoryOrigin;
  readonly declare: (text: string) => void;
  readonly init: (wish?: Partial<InstallWish>) => Promise<InstallResult>;
  readonly locked: () => Promise<string | undefined>;
}

/** A root module, an empty cache, and an origin with these versions. */
export function scene(published: readonly Published[], declaration: string): Scene {
  const folder = mkdtempSync(join(tmpdir(), "airlock-install-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const environment = { AIRLOCK_CACHE_DIR: join(folder, "cache") };
  const root = mkdtempSync(join(folder, "root-"));
  const origin = new MemoryOrigin(published);
  const declare = (text: string) => {
    writeFileSync(join(root, "airlock.hcl"), text);
  };
  declare(declaration);
  return {
    root,
    environment,
    origin,
    declare,
    init: async (wish = {}) => {
      const declared = await readDeclarations(root);
      const place: InstallPlace = {
        root,
        trust: declared.trust,
        cache: openCache(environment),
        origin: () => origin,
        verify,
        platform: "linux_amd64",
      };
      return install(declared, place, { upgrade: new Set(), approved: new Set(), ...wish });
    },
    locked: async () => (await readLock(root))?.get(SOURCE)?.version,
  };
}

/** An integration block that allows unsigned packages. */
export function unsigned(version?: string, more = ""): string {
  const constraint = version === undefined ? "" : `version = ${JSON.stringify(version)}`;
  return `integration "sample" {\n source = "${SOURCE}"\n unsigned = true\n ${constraint}\n ${more}\n}\n`;
}

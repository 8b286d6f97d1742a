import { createHash } from "node:crypto";
import { chmod, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { contentOf, makeFolders, placeFile } from "./files.js";
import { inShadow } from "./layout.js";
import type { Layout } from "./layout.js";
import { ShadowError } from "./shadow-error.js";
import { LOCK_FILE } from "./left-out.js";

const MODE = 0o644;

/** The lock file in its three versions. */
interface Versions {
  /** The user's. */
  readonly real: string;
  /** What core sees and replaces. */
  readonly shadow: string;
  /** What was last the same in both. It tells a change by core from one by the user, also after a killed run. */
  readonly base: string;
}

function versions(layout: Layout): Versions {
  const id = createHash("sha256").update(layout.root).digest("hex").slice(0, 16);
  const real = join(layout.root, LOCK_FILE);
  return { real, shadow: inShadow(layout, real), base: join(layout.home, "lock", id) };
}

/** Copies the user's lock file into the shadow. Nothing that core wrote there may be waiting: `bringBackLock` first. */
export async function copyLockIn(layout: Layout): Promise<void> {
  const { real, shadow, base } = versions(layout);
  await makeFolders(dirname(base));
  await makeFolders(dirname(shadow));
  const content = await contentOf(real);
  for (const path of [base, shadow]) {
    if (content === undefined) await rm(path, { force: true });
    else if ((await contentOf(path))?.equals(content) !== true) await placeFile(path, content, MODE);
  }
}

/**
 * Copies what core wrote to the lock file back to the user's. When that was changed meanwhile too, it stays, and an
 * error SHADOW_LEFTOVER says where core's version is kept.
 */
export async function bringBackLock(layout: Layout): Promise<ShadowError[]> {
  const { real, shadow, base } = versions(layout);
  const [users, cores, last] = await Promise.all([contentOf(real), contentOf(shadow), contentOf(base)]);
  if (cores === undefined || same(cores, last) || same(cores, users)) return [];
  if (!same(users, last)) return [await keepCores(layout, real, cores)];
  const mode = users === undefined ? MODE : (await stat(real)).mode & 0o7777;
  await placeFile(real, cores, mode);
  await chmod(real, mode);
  await placeFile(base, cores, MODE);
  return [];
}

async function keepCores(layout: Layout, real: string, cores: Buffer): Promise<ShadowError> {
  const kept = join(layout.home, "kept", LOCK_FILE.slice(1));
  await makeFolders(dirname(kept));
  await placeFile(kept, cores, MODE);
  return new ShadowError("SHADOW_LEFTOVER", `${real} was changed by core and by someone else at the same time`, {
    remedy: `Core's version is ${kept}: compare the two, or run init again.`,
  });
}

function same(one: Buffer | undefined, other: Buffer | undefined): boolean {
  return one === undefined || other === undefined ? one === other : one.equals(other);
}

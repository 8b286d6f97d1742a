import { chmod, lstat, symlink, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ProviderAddress } from "./reattach.js";

/** The link by which the guard finds the socket. */
const LINK = "outside";

/**
 * Providers on go-plugin before 1.5 do not know `PLUGIN_UNIX_SOCKET_DIR` and put their socket into `TMPDIR`. There is
 * no TLS on it, so it is closed to other users, and noted for removal should the provider not do it.
 * Gives its path; undefined for a socket in its own folder, and for TCP.
 */
export async function adoptSocket(address: ProviderAddress, socketFolder: string): Promise<string | undefined> {
  if (address.network !== "unix" || dirname(address.path) === socketFolder) return undefined;
  if (!(await isSocket(address.path))) return undefined;
  // Best effort: the default mode admits nobody else either.
  await chmod(address.path, 0o600).catch(() => undefined);
  await symlink(address.path, join(socketFolder, LINK)).catch(() => undefined);
  return address.path;
}

/** Removes what a provider that was killed left behind. Never rejects. */
export async function removeSocket(path: string): Promise<void> {
  if (await isSocket(path)) await unlink(path).catch(() => undefined);
}

async function isSocket(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSocket();
  } catch {
    return false;
  }
}

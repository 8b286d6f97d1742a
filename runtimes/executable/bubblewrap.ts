import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { programOnPath } from "./interpreter.js";

/** A bubblewrap that was tried on this machine and works. */
export interface Bubblewrap {
  readonly path: string;
  /** As it says itself, e.g. `0.8.0`. */
  readonly version: string;
  /** Options that only newer ones have: a /tmp of limited size, no further user namespaces. */
  readonly hasSizes: boolean;
}

/** Why there is no isolation on this machine. */
export interface NoIsolation {
  readonly reason: string;
  readonly remedy: string;
}

/** In a few words what holds for an executable on this machine. */
export function isolationText(found: Bubblewrap | NoIsolation): string {
  return "path" in found
    ? `bubblewrap ${found.version}: no network, read-only files`
    : `process group and limits only: ${found.reason}`;
}

/** Processes that are its own and not the program's: it waits outside, and is the first one inside. */
export const OWN_PROCESSES = 2;

const PROBE_MS = 5_000;
/** What is written into memory files counts for no process, so there is little room for them, in bytes. */
const TMP_BYTES = 16 * 1024 * 1024;

/** Programs and libraries of the system, and what those need of its configuration; what is not there is left out. */
const SYSTEM = [
  ...["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store", "/gnu/store"],
  ...["/etc/alternatives", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime"],
  ...["/etc/timezone", "/etc/nsswitch.conf", "/etc/passwd", "/etc/group", "/etc/os-release", "/etc/mime.types"],
  ...["/etc/ssl/openssl.cnf", "/etc/ssl/certs", "/etc/pki/ca-trust", "/etc/ca-certificates", "/etc/static"],
];

const NAMESPACES = ["user", "pid", "net", "ipc", "uts", "cgroup-try"].map((name) => `--unshare-${name}`);

/** Whether a path is in what every isolated program sees. */
export function isOfSystem(path: string): boolean {
  return SYSTEM.some((known) => path === known || path.startsWith(`${known}/`));
}

/**
 * The words in front of a program that isolate it: no network, nothing of the file system but the system's programs and
 * `visible` (absolute paths), all of it read-only, a /tmp of its own, processes that nobody sees and that end with it.
 */
export function isolated({ path, hasSizes }: Bubblewrap, visible: readonly string[], directory: string): string[] {
  const memory = (folder: string): string[] => ["--perms", "1777", "--size", String(TMP_BYTES), "--tmpfs", folder];
  return [
    path,
    ...NAMESPACES,
    ...(hasSizes ? ["--disable-userns"] : []),
    ...["--die-with-parent", "--cap-drop", "ALL"],
    ...SYSTEM.flatMap((known) => ["--ro-bind-try", known, known]),
    ...["--proc", "/proc", "--dev", "/dev"],
    ...(hasSizes ? [...memory("/tmp"), ...memory("/dev/shm")] : ["--dir", "/tmp"]),
    ...visible.flatMap((one) => ["--ro-bind-try", one, one]),
    // The new root and /dev are files in memory, too.
    ...["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", directory, "--"],
  ];
}

const run = promisify(execFile);

/** Finds bubblewrap on a PATH and tries it in full: namespaces may be forbidden, and older ones know fewer options. */
export async function findBubblewrap(searchPath: string | undefined): Promise<Bubblewrap | NoIsolation> {
  if (process.platform !== "linux") {
    return { reason: `there is none for ${process.platform}`, remedy: "Use a wasm or js integration." };
  }
  const path = await programOnPath("bwrap", searchPath);
  if (path === null) {
    return { reason: "bubblewrap is not installed", remedy: "Install it, e.g. apt-get install bubblewrap." };
  }
  let reason = "";
  for (const hasSizes of [true, false]) {
    try {
      const { stdout } = await run(path, ["--version"], { timeout: PROBE_MS, env: {} });
      const found = { path, version: /\d+(?:\.\d+)+/.exec(stdout)?.[0] ?? "of unknown version", hasSizes };
      const [, ...words] = isolated(found, [], "/");
      await run(path, [...words, "/bin/sh", "-c", ":"], { timeout: PROBE_MS, env: {}, killSignal: "SIGKILL" });
      return found;
    } catch (error) {
      reason = lastLine(error);
    }
  }
  return {
    reason: `bubblewrap does not work here: ${reason}`,
    remedy: "Let the kernel give user namespaces to this user; containers and AppArmor may forbid them.",
  };
}

function lastLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text
    .trim()
    .replace(/^[^]*\n/, "")
    .slice(0, 200);
}

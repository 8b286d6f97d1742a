import { lstat, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { errorCode } from "../../../base/error-code.js";
import { ProviderError } from "./provider-error.js";

/** How the folder of a run is named; the guard removes no other. */
export const RUN_FOLDER_PREFIX = "airlock-";
/** `sun_path` without its end: 108 bytes on Linux, 104 on macOS and the BSDs (unix(7), unix(4)). */
const MAX_SOCKET_PATH = process.platform === "linux" ? 107 : 103;
/** `/p` and a number for a folder of its own, then what go-plugin adds: `/plugin` and up to ten digits. */
const ROOM_FOR_SOCKETS = "/p99999/plugin4294967295".length;

/**
 * The temporary folder of one run, for sockets and plan files: only its owner may enter it, and the paths of sockets in
 * it are short enough for the system.
 */
export class RunFolder {
  readonly path: string;
  #providers = 0;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * Makes it in `temporary` (default: the system's folder), or in `/tmp` where that is too long. Throws `ProviderError`:
   * PROVIDER_SOCKET_PATH when both are, PROVIDER_RUN_FOLDER when it cannot be made.
   */
  static async create(temporary = tmpdir(), fallback = "/tmp"): Promise<RunFolder> {
    const parent = [temporary, fallback].find(leavesRoom);
    if (parent === undefined) {
      throw new ProviderError(
        "PROVIDER_SOCKET_PATH",
        `a socket under ${temporary} would have a path of over ${MAX_SOCKET_PATH} bytes, which the system does not take`,
        { remedy: "Set TMPDIR to a folder with a shorter path." },
      );
    }
    try {
      // mkdtemp gives mode 0700 whatever the umask is.
      return new RunFolder(await mkdtemp(join(parent, RUN_FOLDER_PREFIX)));
    } catch (cause) {
      throw new ProviderError(
        "PROVIDER_RUN_FOLDER",
        `no temporary folder can be made in ${parent}: ${errorCode(cause) ?? String(cause)}`,
        { cause, remedy: "Make room there, or set TMPDIR to another folder." },
      );
    }
  }

  /** A path in the folder. */
  file(name: string): string {
    return join(this.path, name);
  }

  /** A new folder in it for the sockets of one provider process; its name is `p` and a number. */
  async socketFolder(): Promise<{ readonly name: string; readonly path: string }> {
    const name = `p${(this.#providers += 1)}`;
    const path = join(this.path, name);
    await mkdir(path, { mode: 0o700 });
    return { name, path };
  }

  /** Removes it with all that is in it; says whether it is gone. Never rejects: a run does not fail by its tidying. */
  async remove(): Promise<boolean> {
    try {
      await rm(this.path, { recursive: true, force: true, maxRetries: 3 });
      await lstat(this.path);
      return false;
    } catch (error) {
      return errorCode(error) === "ENOENT";
    }
  }
}

function leavesRoom(parent: string): boolean {
  const folder = join(parent, `${RUN_FOLDER_PREFIX}XXXXXX`);
  return Buffer.byteLength(folder) + ROOM_FOR_SOCKETS <= MAX_SOCKET_PATH;
}

import { ERRNO } from "./errno.js";
import type { Errno } from "./errno.js";
import type { GuestMemory } from "./guest-memory.js";
import type { StandardStreams } from "./streams.js";

/** Layouts: https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#fdstat, #filestat, #ciovec */
const FDSTAT_BYTES = 24;
const FILESTAT_BYTES = 64;
const VECTOR_BYTES = 8;
/** IOV_MAX of Linux. */
const MOST_VECTORS = 1_024;
/** What libc takes for a terminal: it then writes its buffer out at each LF, without which many programs never answer. */
const CHARACTER_DEVICE = 2;
const RIGHT_READ = 1n << 1n;
const RIGHT_WRITE = 1n << 6n;
const RIGHT_FILESTAT = 1n << 21n;
const RIGHT_POLL = 1n << 27n;
const FLAG_APPEND = 1;
const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;

/** The open files of a guest: its standard streams, until it closes them, and never any other. */
export class Files {
  readonly #memory: GuestMemory;
  readonly #streams: StandardStreams;
  readonly #open = new Set([STDIN, STDOUT, STDERR]);

  constructor(memory: GuestMemory, streams: StandardStreams) {
    this.#memory = memory;
    this.#streams = streams;
  }

  isOpen(fd: number): boolean {
    return this.#open.has(fd);
  }

  /** EBADF for a file that is not open, else the given refusal. */
  refuse(fd: number, errno: Errno): Errno {
    return this.isOpen(fd) ? errno : ERRNO.badf;
  }

  close(fd: number): Errno {
    return this.#open.delete(fd) ? ERRNO.success : ERRNO.badf;
  }

  read(fd: number, vectors: number, count: number, result: number): Errno {
    if (fd !== STDIN || !this.isOpen(fd)) return ERRNO.badf;
    const targets = this.#windows(vectors, count, result);
    if (targets === null) return ERRNO.inval;
    this.#memory.writeU32(result, this.#streams.stdin.read(targets));
    return ERRNO.success;
  }

  write(fd: number, vectors: number, count: number, result: number): Errno {
    if (fd === STDIN || !this.isOpen(fd)) return ERRNO.badf;
    const chunks = this.#windows(vectors, count, result);
    if (chunks === null) return ERRNO.inval;
    const stream = fd === STDOUT ? this.#streams.stdout : this.#streams.stderr;
    let written = 0;
    for (const chunk of chunks) {
      stream.write(chunk);
      written += chunk.length;
    }
    this.#memory.writeU32(result, written);
    return ERRNO.success;
  }

  stat(fd: number, address: number): Errno {
    if (!this.isOpen(fd)) return ERRNO.badf;
    this.#memory.bytes(address, FDSTAT_BYTES).fill(0);
    this.#memory.writeU8(address, CHARACTER_DEVICE);
    this.#memory.writeU64(address + 8, (fd === STDIN ? RIGHT_READ : RIGHT_WRITE) | RIGHT_FILESTAT | RIGHT_POLL);
    return ERRNO.success;
  }

  fileStat(fd: number, address: number): Errno {
    if (!this.isOpen(fd)) return ERRNO.badf;
    this.#memory.bytes(address, FILESTAT_BYTES).fill(0);
    this.#memory.writeU8(address + 16, CHARACTER_DEVICE);
    this.#memory.writeU64(address + 24, 1n);
    return ERRNO.success;
  }

  /** Reading always blocks, so non-blocking mode is refused rather than promised. */
  setFlags(fd: number, flags: number): Errno {
    return this.refuse(fd, (flags & ~FLAG_APPEND) === 0 ? ERRNO.success : ERRNO.notsup);
  }

  /** The windows that the guest's vectors name; null for too many. All pointers are checked before anything happens. */
  #windows(vectors: number, count: number, result: number): Uint8Array[] | null {
    if (count >>> 0 > MOST_VECTORS) return null;
    this.#memory.bytes(result, 4);
    this.#memory.bytes(vectors, count * VECTOR_BYTES);
    return Array.from({ length: count }, (_, index) => {
      const at = vectors + index * VECTOR_BYTES;
      return this.#memory.bytes(this.#memory.readU32(at), this.#memory.readU32(at + 4));
    });
  }
}

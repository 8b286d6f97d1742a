import type { Grants } from "../../../src/protocol/grants.js";
import type { Ending } from "../ending.js";
import { ProgramExit } from "../ending.js";
import type { WasiFunction } from "../host-functions.js";
import { CLOCK_COUNT, DeterministicClock, RealClock } from "./clock.js";
import type { Clock } from "./clock.js";
import { ERRNO } from "./errno.js";
import type { Errno } from "./errno.js";
import { Files } from "./files.js";
import { MemoryFault } from "./guest-memory.js";
import type { GuestMemory } from "./guest-memory.js";
import { pollOneoff } from "./poll.js";
import { deterministicRandom, realRandom } from "./random.js";
import type { StandardStreams } from "./streams.js";

/** What a guest's preview1 works on. */
export interface WasiOptions {
  /** The program's name: its only argument. */
  readonly name: string;
  readonly grants: Pick<Grants, "clock" | "random">;
  /** Left out: nothing. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly streams: StandardStreams;
  readonly memory: GuestMemory;
  readonly ending: Ending;
}

/** A call of preview1 with its parameters as 32-bit numbers; none that we answer needs more than four. */
type Call = (first: number, second: number, third: number, fourth: number) => Errno;
type Calls<Name extends WasiFunction = WasiFunction> = Record<Name, Call>;

type FileCall = Extract<WasiFunction, `fd_${string}`>;
type RefusedCall = Extract<WasiFunction, `path_${string}` | `sock_${string}`> | "proc_raise";

/** A function of preview1 as a module imports it. */
export type WasiImport = (...parameters: unknown[]) => Errno;

/**
 * `wasi_snapshot_preview1` for one instance: standard streams, a program name, the granted environment, a clock and random
 * bytes (the machine's own only where granted). All else is there, for libraries that import it, and refused. A pointer
 * outside the guest's memory gives EFAULT. Only an ended guest gets an exception (see `Ending`).
 */
export function createWasi(options: WasiOptions): Record<WasiFunction, WasiImport> {
  const files = new Files(options.memory, options.streams);
  const clock = options.grants.clock ? new RealClock() : new DeterministicClock();
  const calls: Calls = {
    ...processCalls(options, clock, files),
    ...fileCalls(files),
    ...refusedCalls(files),
  };
  const imports = Object.entries(calls).map(([name, call]) => [name, guard(call, options.ending)] as const);
  return Object.fromEntries(imports) as Record<WasiFunction, WasiImport>;
}

function processCalls(
  { name, grants, environment = {}, memory, ending }: WasiOptions,
  clock: Clock,
  files: Files,
): Calls<Exclude<WasiFunction, FileCall | RefusedCall>> {
  const fillRandom = grants.random ? realRandom : deterministicRandom();
  const argument = cString(name);
  const variables = Object.entries(environment).map(([key, value]) => cString(`${key}=${value}`));
  const writeTime = (address: number, time: () => bigint): Errno => {
    memory.bytes(address, 8);
    memory.writeU64(address, time());
    return ERRNO.success;
  };
  const writeSizes = (count: number, bytes: number, countAt: number, bytesAt: number): Errno => {
    memory.writeU32(countAt, count);
    memory.writeU32(bytesAt, bytes);
    return ERRNO.success;
  };
  const isClock = (id: number): boolean => id >= 0 && id < CLOCK_COUNT;
  return {
    args_get: (pointers, buffer) => {
      memory.writeU32(pointers, buffer >>> 0);
      memory.bytes(buffer, argument.length).set(argument);
      return ERRNO.success;
    },
    args_sizes_get: (countAt, bytesAt) => writeSizes(1, argument.length, countAt, bytesAt),
    environ_get: (pointers, buffer) => writeStrings(memory, variables, pointers, buffer),
    environ_sizes_get: (countAt, bytesAt) =>
      writeSizes(variables.length, Buffer.concat(variables).length, countAt, bytesAt),
    clock_res_get: (id, address) => (isClock(id) ? writeTime(address, () => clock.resolutionNs) : ERRNO.inval),
    clock_time_get: (id, _precision, address) => (isClock(id) ? writeTime(address, () => clock.now(id)) : ERRNO.inval),
    poll_oneoff: (...parameters) => pollOneoff(memory, clock, (fd) => files.isOpen(fd), parameters),
    proc_exit: (code) => ending.end(new ProgramExit(code >>> 0)),
    random_get: (address, length) => {
      fillRandom(memory.bytes(address, length));
      return ERRNO.success;
    },
    sched_yield: () => ERRNO.success,
  };
}

function cString(text: string): Buffer {
  return Buffer.from(`${text.replaceAll("\0", "")}\0`);
}

function writeStrings(memory: GuestMemory, strings: readonly Buffer[], pointers: number, buffer: number): Errno {
  let at = buffer >>> 0;
  for (const [index, bytes] of strings.entries()) {
    memory.writeU32((pointers >>> 0) + index * 4, at);
    memory.bytes(at, bytes.length).set(bytes);
    at += bytes.length;
  }
  return ERRNO.success;
}

/** A stream can be read or written, and asked what it is; as on real systems it has no position, size or directory. */
function fileCalls(files: Files): Calls<FileCall> {
  const refuse =
    (errno: Errno): Call =>
    (fd) =>
      files.refuse(fd, errno);
  const noPosition = refuse(ERRNO.spipe);
  return {
    fd_read: (...parameters) => files.read(...parameters),
    fd_write: (...parameters) => files.write(...parameters),
    fd_close: (fd) => files.close(fd),
    fd_fdstat_get: (fd, address) => files.stat(fd, address),
    fd_fdstat_set_flags: (fd, flags) => files.setFlags(fd, flags),
    fd_filestat_get: (fd, address) => files.fileStat(fd, address),
    fd_renumber: (from, to) => (files.isOpen(to) ? files.refuse(from, ERRNO.notsup) : ERRNO.badf),
    fd_seek: noPosition,
    fd_tell: noPosition,
    fd_pread: noPosition,
    fd_pwrite: noPosition,
    fd_advise: noPosition,
    fd_allocate: noPosition,
    fd_sync: refuse(ERRNO.inval),
    fd_datasync: refuse(ERRNO.inval),
    fd_filestat_set_size: refuse(ERRNO.inval),
    fd_filestat_set_times: refuse(ERRNO.notcapable),
    fd_fdstat_set_rights: refuse(ERRNO.notcapable),
    fd_readdir: refuse(ERRNO.notdir),
    // EBADF tells libc that no folder was opened for it.
    fd_prestat_get: () => ERRNO.badf,
    fd_prestat_dir_name: () => ERRNO.badf,
  };
}

function refusedCalls(files: Files): Calls<RefusedCall> {
  const noDirectory: Call = (fd) => files.refuse(fd, ERRNO.notdir);
  const noSocket: Call = (fd) => files.refuse(fd, ERRNO.notsock);
  return {
    path_create_directory: noDirectory,
    path_filestat_get: noDirectory,
    path_filestat_set_times: noDirectory,
    path_link: noDirectory,
    path_open: noDirectory,
    path_readlink: noDirectory,
    path_remove_directory: noDirectory,
    path_rename: noDirectory,
    // Its file comes third.
    path_symlink: (_path, _length, fd) => files.refuse(fd, ERRNO.notdir),
    path_unlink_file: noDirectory,
    proc_raise: () => ERRNO.nosys,
    sock_accept: noSocket,
    sock_recv: noSocket,
    sock_send: noSocket,
    sock_shutdown: noSocket,
  };
}

function guard(call: Call, ending: Ending): WasiImport {
  return (first, second, third, fourth) => {
    ending.check();
    try {
      return call(toI32(first), toI32(second), toI32(third), toI32(fourth));
    } catch (error) {
      if (error instanceof MemoryFault) return ERRNO.fault;
      return ending.end(error instanceof Error ? error : new Error(String(error)));
    }
  };
}

/** A module may declare any signature for what it imports, so a parameter can be of any type, or missing. */
function toI32(value: unknown): number {
  if (typeof value === "number") return value | 0;
  return typeof value === "bigint" ? Number(BigInt.asIntN(32, value)) : 0;
}

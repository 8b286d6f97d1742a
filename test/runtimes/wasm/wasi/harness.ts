import { Ending } from "../../../../runtimes/wasm/ending.js";
import { GuestMemory } from "../../../../runtimes/wasm/wasi/guest-memory.js";
import { createWasi } from "../../../../runtimes/wasm/wasi/preview1.js";
import { LineInput, programStreams } from "../../../../runtimes/wasm/wasi/streams.js";
import type { Grants } from "../../../../src/protocol/grants.js";
import { DEFAULT_LIMITS } from "../../../../src/protocol/limits.js";
import type { Limits } from "../../../../src/protocol/limits.js";
import { recordingIo } from "../../../support/wasm.js";

export interface HarnessOptions {
  readonly lines?: readonly string[];
  readonly grants?: Partial<Grants>;
  readonly limits?: Partial<Limits>;
  readonly environment?: Readonly<Record<string, string>>;
}

/** preview1 over one page of memory, as a program finds it, called from the test in the guest's place. */
export function wasiHarness(options: HarnessOptions = {}) {
  const recording = recordingIo(options.lines ?? []);
  const memory = new GuestMemory();
  memory.bind(new WebAssembly.Memory({ initial: 1 }));
  const ending = new Ending();
  const streams = programStreams(recording.io, new LineInput(recording.io), { ...DEFAULT_LIMITS, ...options.limits });
  const { environment = {} } = options;
  const grants = { clock: false, random: false, ...options.grants };
  const wasi = createWasi({ name: "sample", grants, environment, streams, memory, ending });
  /** Puts vectors at address 0 that name the given windows. */
  const vectors = (...windows: readonly (readonly [number, number])[]): void => {
    windows.forEach(([address, length], index) => {
      memory.writeU32(index * 8, address);
      memory.writeU32(index * 8 + 4, length);
    });
  };
  return {
    wasi,
    memory,
    ending,
    recording,
    vectors,
    /** Writes a text through `fd_write`; the error number. */
    write: (fd: number, text: string): number => {
      const bytes = Buffer.from(text);
      memory.bytes(1_024, bytes.length).set(bytes);
      vectors([1_024, bytes.length]);
      return wasi.fd_write(fd, 0, 1, 512);
    },
    /** Reads at most so many bytes through `fd_read`; throws on an error number. */
    read: (length: number): string => {
      vectors([1_024, length]);
      const errno = wasi.fd_read(0, 0, 1, 512);
      if (errno !== 0) throw new Error(`fd_read gave ${errno}`);
      return Buffer.from(memory.bytes(1_024, memory.readU32(512))).toString();
    },
  };
}

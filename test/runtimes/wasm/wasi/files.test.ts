import { describe, expect, it } from "vitest";
import { WASI_FUNCTIONS } from "../../../../runtimes/wasm/host-functions.js";
import { ERRNO } from "../../../../runtimes/wasm/wasi/errno.js";
import { wasiHarness } from "./harness.js";

describe("the standard streams", () => {
  it("are character devices that can be read or written, and no more", () => {
    const { wasi, memory } = wasiHarness();
    const rights = [0, 1, 2].map((fd) => {
      expect(wasi.fd_fdstat_get(fd, 100)).toBe(ERRNO.success);
      expect(memory.readU8(100)).toBe(2);
      return memory.readU64(108);
    });
    expect(rights).toEqual([1n << 1n, 1n << 6n, 1n << 6n].map((right) => right | (1n << 21n) | (1n << 27n)));
  });

  it("have a file status of no size", () => {
    const { wasi, memory } = wasiHarness();
    memory.bytes(100, 64).fill(0xff);
    expect(wasi.fd_filestat_get(1, 100)).toBe(ERRNO.success);
    expect([memory.readU8(116), memory.readU64(124), memory.readU64(132)]).toEqual([2, 1n, 0n]);
  });

  it("have no position", () => {
    const { wasi } = wasiHarness();
    expect([
      wasi.fd_seek(0, 0n, 0, 8),
      wasi.fd_tell(1, 8),
      wasi.fd_pread(0, 0, 1, 0n),
      wasi.fd_allocate(2, 0n, 1n),
    ]).toEqual(Array.from({ length: 4 }, () => ERRNO.spipe));
  });

  it("cannot be made non-blocking, which would be a lie", () => {
    const { wasi } = wasiHarness();
    expect([wasi.fd_fdstat_set_flags(0, 4), wasi.fd_fdstat_set_flags(0, 0)]).toEqual([ERRNO.notsup, ERRNO.success]);
  });

  it("are gone once closed", () => {
    const { wasi, write, recording } = wasiHarness();
    expect([wasi.fd_close(1), wasi.fd_close(1), write(1, "x\n")]).toEqual([ERRNO.success, ERRNO.badf, ERRNO.badf]);
    expect(wasi.fd_fdstat_get(1, 100)).toBe(ERRNO.badf);
    expect(recording.written).toEqual([]);
  });
});

describe("everything else", () => {
  it("is not open: no folder, no file, no socket", () => {
    const { wasi } = wasiHarness();
    for (const fd of [3, 4, -1, 1_000_000]) {
      expect(wasi.fd_prestat_get(fd, 0)).toBe(ERRNO.badf);
      expect(wasi.path_open(fd, 0, 0, 0)).toBe(ERRNO.badf);
      expect(wasi.fd_read(fd, 0, 1, 512)).toBe(ERRNO.badf);
      expect(wasi.fd_write(fd, 0, 1, 512)).toBe(ERRNO.badf);
      expect(wasi.sock_recv(fd)).toBe(ERRNO.badf);
      expect(wasi.fd_close(fd)).toBe(ERRNO.badf);
    }
  });

  it("is refused on the standard streams: no folder is opened in them, no message sent", () => {
    const { wasi } = wasiHarness();
    expect([wasi.path_open(0, 0, 0, 0), wasi.path_symlink(0, 0, 1), wasi.fd_readdir(2)]).toEqual(
      Array.from({ length: 3 }, () => ERRNO.notdir),
    );
    expect([wasi.sock_send(1), wasi.fd_renumber(1, 2), wasi.fd_renumber(3, 1)]).toEqual([
      ERRNO.notsock,
      ERRNO.notsup,
      ERRNO.badf,
    ]);
    expect(wasi.proc_raise(9)).toBe(ERRNO.nosys);
  });

  it("is there for every name of preview1", () => {
    expect(Object.keys(wasiHarness().wasi).sort()).toEqual([...WASI_FUNCTIONS].sort());
  });
});

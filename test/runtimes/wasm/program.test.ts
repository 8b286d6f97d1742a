import { describe, expect, it } from "vitest";
import { wasmProgram } from "../../../runtimes/wasm/program.js";
import { rejectedCode } from "../../support/codes.js";
import { recordingIo, wasmSpec, wat } from "../../support/wasm.js";
import { command, ECHO, plugIn } from "./guests.js";

const PAGE = 65_536;

async function run(...parameters: Parameters<typeof wasmSpec>): Promise<string[]> {
  const recording = recordingIo(["line"]);
  await wasmProgram(wasmSpec(...parameters), recording.io, () => undefined);
  return recording.written;
}

describe("a wasm guest", () => {
  it("is run by its flavour", async () => {
    expect(await run(plugIn(ECHO))).toEqual(["line"]);
    expect(await run(command("(call $serve)"))).toEqual(["line"]);
  });

  it("may be of exactly the module size, and is refused unread at one byte more", async () => {
    const code = plugIn(ECHO);
    expect(await run(code, { moduleBytes: code.length })).toEqual(["line"]);
    expect(await rejectedCode(run(code, { moduleBytes: code.length - 1 }))).toBe("GUEST_MODULE_TOO_LARGE");
    expect(await rejectedCode(run(Buffer.alloc(9), { moduleBytes: 8 }))).toBe("GUEST_MODULE_TOO_LARGE");
  });

  it("hands over what it compiled, and runs what was compiled before", async () => {
    const kept: WebAssembly.Module[] = [];
    const keep = (module: WebAssembly.Module): void => void kept.push(module);
    const first = recordingIo(["line"]);
    await wasmProgram(wasmSpec(plugIn(ECHO)), first.io, () => undefined, { module: null, keep });
    expect([first.written, kept.length]).toEqual([["line"], 1]);
    // Of two modules with the same entry, which one ran can be seen.
    const silent = recordingIo(["line"]);
    const module = kept[0] ?? null;
    await wasmProgram(wasmSpec(plugIn("")), silent.io, () => undefined, { module, keep });
    expect([silent.written, kept.length]).toEqual([["line"], 1]);
  });

  it("is GUEST_LOAD when it is a text", async () => {
    expect(await rejectedCode(run(Buffer.from("#!/bin/sh\n")))).toBe("GUEST_LOAD");
  });

  it("runs nothing before its memory is limited, not even a start function", async () => {
    const start = `(func $first (loop $more (br_if $more (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
      (if (i32.ne (memory.size) (i32.const 5)) (then unreachable))) (start $first)`;
    expect(await run(plugIn(ECHO, start), { memoryBytes: 5 * PAGE })).toEqual(["line"]);
    expect(await run(command("(call $serve)", start), { memoryBytes: 5 * PAGE })).toEqual(["line"]);
  });

  it("is GUEST_MEMORY when it needs more memory or table elements to start than allowed", async () => {
    expect(await rejectedCode(run(plugIn(ECHO), { memoryBytes: PAGE - 1 }))).toBe("GUEST_MEMORY");
    const table = wat(`(module (table 11 funcref) (func (export "_start")))`);
    expect(await rejectedCode(run(table, { tableElements: 10 }))).toBe("GUEST_MEMORY");
  });

  it("has its table held to the limit", async () => {
    const grows = plugIn(
      `(loop $more (br_if $more (i32.ne (table.grow $t (table.get $t (i32.const 0)) (i32.const 1)) (i32.const -1))))
       (if (i32.ne (table.size $t) (i32.const 20)) (then unreachable)) ${ECHO}`,
      "(table $t 1 funcref)",
    );
    expect(await run(grows, { tableElements: 20 })).toEqual(["line"]);
  });
});

import { describe, expect, it } from "vitest";
import { wasmProgram } from "../../../runtimes/wasm/program.js";
import type { Limits } from "../../../src/protocol/limits.js";
import { rejectedCode } from "../../support/codes.js";
import { recordingIo, wasmSpec, wat } from "../../support/wasm.js";
import { command } from "./guests.js";

const PAGE = 65_536;

async function serve(code: Uint8Array, lines: readonly string[], limits: Partial<Limits> = {}) {
  const recording = recordingIo(lines);
  let loads = 0;
  await wasmProgram(wasmSpec(code, limits), recording.io, () => loads++);
  return { ...recording, loads };
}

describe("a program", () => {
  it("answers the lines of its stdin on its stdout until the host is done", async () => {
    const { written, loads } = await serve(command("(call $serve)"), ["one", "zwei ä"]);
    expect(written).toEqual(["one", "zwei ä"]);
    expect(loads).toBe(1);
  });

  it("may end with any exit code once it has seen the end", async () => {
    expect((await serve(command("(call $serve) (call $proc_exit (i32.const 3))"), ["one"])).written).toEqual(["one"]);
  });

  it("may end by itself after its last answer", async () => {
    const once = command("(call $write (i32.const 1) (call $read)) (call $proc_exit (i32.const 0))");
    expect((await serve(once, ["shutdown"])).written).toEqual(["shutdown"]);
  });

  it("has its unfinished log line handed over at its end", async () => {
    const last = command(
      "(call $serve) (i32.store8 (i32.const 1024) (i32.const 33)) (call $write (i32.const 2) (i32.const 1))",
    );
    expect((await serve(last, [])).logs).toEqual([{ level: "info", message: "!" }]);
  });
});

describe("a program that ends too early", () => {
  it("is GUEST_CRASHED when it took no line at all", async () => {
    await expect(serve(command(""), ["one"])).rejects.toMatchObject({ code: "GUEST_CRASHED", gone: true });
    expect(await rejectedCode(serve(command(""), []))).toBe("GUEST_CRASHED");
  });

  it("is GUEST_CRASHED when it left a line unanswered", async () => {
    expect(await rejectedCode(serve(command("(drop (call $read))"), ["one"]))).toBe("GUEST_CRASHED");
    expect(await rejectedCode(serve(command("(drop (call $read)) (call $proc_exit (i32.const 0))"), ["one"]))).toBe(
      "GUEST_CRASHED",
    );
  });

  it("is GUEST_CRASHED when another line comes after its last answer", async () => {
    const once = command("(call $write (i32.const 1) (call $read))");
    expect(await rejectedCode(serve(once, ["one", "two"]))).toBe("GUEST_CRASHED");
  });

  it("is GUEST_CRASHED with an exit code, even after an answer", async () => {
    const fails = command("(call $write (i32.const 1) (call $read)) (call $proc_exit (i32.const 7))");
    await expect(serve(fails, ["one"])).rejects.toThrow(/code 7/);
  });
});

describe("a program that traps", () => {
  it("is GUEST_CRASHED and gone, also after the end", async () => {
    await expect(serve(command("unreachable"), [])).rejects.toMatchObject({ code: "GUEST_CRASHED", gone: true });
    expect(await rejectedCode(serve(command("(call $serve) unreachable"), []))).toBe("GUEST_CRASHED");
  });

  it("is GUEST_MEMORY when its stack ran out", async () => {
    const deep = command("(call $deeper)", "(func $deeper (call $deeper))");
    await expect(serve(deep, [])).rejects.toMatchObject({ code: "GUEST_MEMORY", gone: true });
  });

  it("is GUEST_MEMORY when it gave up with its memory at the limit, by a trap or an exit code", async () => {
    const grow = "(loop $more (br_if $more (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))";
    for (const end of ["unreachable", "(call $proc_exit (i32.const 2))"]) {
      const hungry = command(`(drop (call $read)) ${grow} ${end}`);
      expect(await rejectedCode(serve(hungry, ["x"], { memoryBytes: 16 * PAGE }))).toBe("GUEST_MEMORY");
    }
  });

  it("is GUEST_CRASHED when it fills a memory that it made small itself", async () => {
    const small = command("unreachable", "", "1 1");
    expect(await rejectedCode(serve(small, [], { memoryBytes: 16 * PAGE }))).toBe("GUEST_CRASHED");
  });
});

describe("a program's limits", () => {
  it("hold its answers: one of exactly the message size passes", async () => {
    const limits = { messageBytes: 10 };
    expect((await serve(command("(call $serve)"), ["x".repeat(10)], limits)).written).toHaveLength(1);
    await expect(serve(command("(call $serve)"), ["x".repeat(11)], limits)).rejects.toMatchObject({
      code: "GUEST_MESSAGE_TOO_LARGE",
      gone: true,
    });
  });

  it("hold in the middle of a write of line feeds only", async () => {
    const floods = command(
      `(memory.fill (i32.const 1024) (i32.const 10) (i32.const 4000000)) (call $write (i32.const 2) (i32.const 4000000)) (call $serve)`,
      "",
      "64",
    );
    expect((await serve(floods, ["x"])).written).toEqual(["x"]);
  });

  it("cannot be passed by catching what the host throws", async () => {
    const stubborn = command(
      `(drop (call $read))
       (loop $again (try (do (call $proc_exit (i32.const 0))) (catch_all))
         (global.set $tries (i32.add (global.get $tries) (i32.const 1)))
         (br_if $again (i32.lt_u (global.get $tries) (i32.const 3))))
       (try (do (call $write (i32.const 1) (i32.const 4))) (catch_all))`,
      "(global $tries (mut i32) (i32.const 0))",
    );
    const recording = recordingIo(["one"]);
    expect(await rejectedCode(wasmProgram(wasmSpec(stubborn), recording.io, () => undefined))).toBe("GUEST_CRASHED");
    expect(recording.written).toEqual([]);
  });
});

describe("loading a program", () => {
  it("is GUEST_LOAD when the module does not validate, or _start takes parameters", async () => {
    const wrong = wat(`(module (func (export "_start") (param i32)))`);
    expect(await rejectedCode(serve(wrong, []))).toBe("GUEST_LOAD");
    const broken = command("(call $serve)").slice();
    broken[broken.length - 1] = 0xff;
    expect(await rejectedCode(serve(broken, []))).toBe("GUEST_LOAD");
  });

  it("runs a start function without memory, and reports its trap", async () => {
    const trap = command("(call $serve)", "(func $first unreachable) (start $first)");
    expect(await rejectedCode(serve(trap, ["x"]))).toBe("GUEST_CRASHED");
  });

  it("works without a memory: then nothing can be read or written", async () => {
    expect(await rejectedCode(serve(wat(`(module (func (export "_start")))`), []))).toBe("GUEST_CRASHED");
  });
});

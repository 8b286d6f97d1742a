import { describe, expect, it } from "vitest";
import { wasmProgram } from "../../../runtimes/wasm/program.js";
import type { Grants } from "../../../src/protocol/grants.js";
import type { Limits } from "../../../src/protocol/limits.js";
import { rejectedCode } from "../../support/codes.js";
import { recordingIo, wasmSpec } from "../../support/wasm.js";
import { ECHO, guest, plugIn } from "./guests.js";

const PAGE = 65_536;

async function serve(
  code: Uint8Array,
  lines: readonly string[],
  limits: Partial<Limits> = {},
  grants: Partial<Grants> = {},
) {
  const recording = recordingIo(lines);
  let loads = 0;
  await wasmProgram(wasmSpec(code, limits, grants), recording.io, () => loads++);
  return { ...recording, loads };
}

describe("a plug-in", () => {
  it("answers each line by one call, is loaded once, and ends when the host is done", async () => {
    const { written, loads, failures } = await serve(plugIn(ECHO), ["one", "zwei ä", "three"]);
    expect(written).toEqual(["one", "zwei ä", "three"]);
    expect([loads, failures.length]).toEqual([1, 0]);
  });

  it("keeps its state between calls", async () => {
    const counts = plugIn(
      `(global.set $calls (i32.add (global.get $calls) (i32.const 1)))
       (call $store_u8 (call $input_offset) (i32.add (i32.const 48) (global.get $calls))) ${ECHO}`,
      "(global $calls (mut i32) (i32.const 0))",
    );
    expect((await serve(counts, ["x", "x", "x"])).written).toEqual(["1", "2", "3"]);
  });

  it("goes on for more calls than Extism's own addresses last", async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index}`);
    expect((await serve(plugIn(ECHO), lines)).written).toEqual(lines);
  });

  it("gives as many bytes as it says, not the whole block", async () => {
    const part = plugIn("(call $output_set (call $input_offset) (i64.const 2))");
    expect((await serve(part, ["abcdef"])).written).toEqual(["ab"]);
  });

  it("may answer in several lines, for log notifications before the answer", async () => {
    expect((await serve(plugIn(ECHO), ["note\r\nanswer\n"])).written).toEqual(["note", "answer"]);
  });

  it("awaits nothing that needs the event loop between two calls", async () => {
    const recording = recordingIo(["one", "two", "three"]);
    let turns = 0;
    const tick = (): number => turns++;
    const read = recording.io.read.bind(recording.io);
    await wasmProgram(wasmSpec(plugIn(ECHO)), { ...recording.io, read }, () => setImmediate(tick));
    expect(turns).toBe(0);
    expect(recording.written).toHaveLength(3);
  });
});

describe("a plug-in's answer", () => {
  it("may be as large as a message, and ends it at one byte more", async () => {
    const limits = { messageBytes: 10 };
    expect((await serve(plugIn(ECHO), ["x".repeat(10)], limits)).written).toEqual(["x".repeat(10)]);
    expect(await rejectedCode(serve(plugIn(ECHO), ["x".repeat(11)], limits))).toBe("GUEST_MESSAGE_TOO_LARGE");
  });

  it("that is missing or empty fails the call, and the plug-in lives on", async () => {
    const silent = plugIn(`(if (i64.gt_u (call $input_length) (i64.const 1)) (then ${ECHO}))`);
    const { written, failures } = await serve(silent, ["x", "yes"]);
    expect(written).toEqual(["yes"]);
    expect(failures).toMatchObject([{ code: "GUEST_NO_ANSWER", gone: false }]);
    expect((await serve(plugIn(ECHO), [""])).failures).toMatchObject([{ code: "GUEST_NO_ANSWER" }]);
  });

  it("that is an error of its own fails the call with its text, and the plug-in lives on", async () => {
    const failing = plugIn(`(call $error_set (call $input_offset)) ${ECHO}`);
    const { written, failures } = await serve(failing, ["no such rule"]);
    expect(written).toEqual([]);
    expect(failures).toMatchObject([{ code: "GUEST_CRASHED", gone: false }]);
    expect(failures[0]?.message).toContain("no such rule");
  });

  it("that is not UTF-8 ends it", async () => {
    const broken = plugIn(`(call $store_u8 (call $input_offset) (i32.const 255)) ${ECHO}`);
    expect(await rejectedCode(serve(broken, ["x"]))).toBe("GUEST_CRASHED");
  });
});

describe("a plug-in that traps", () => {
  it("is GUEST_CRASHED and gone", async () => {
    await expect(serve(plugIn("unreachable"), ["x"])).rejects.toMatchObject({ code: "GUEST_CRASHED", gone: true });
    await expect(serve(plugIn("(drop (i32.load (i32.const -1)))"), ["x"])).rejects.toMatchObject({
      code: "GUEST_CRASHED",
    });
  });

  it("is GUEST_MEMORY when its stack ran out", async () => {
    const deep = plugIn("(call $deeper)", "(func $deeper (call $deeper))");
    await expect(serve(deep, ["x"])).rejects.toMatchObject({ code: "GUEST_MEMORY", gone: true });
  });

  it("is GUEST_MEMORY when its memory had reached the limit", async () => {
    const hungry = plugIn("(loop $more (br_if $more (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) unreachable");
    await expect(serve(hungry, ["x"], { memoryBytes: 16 * PAGE })).rejects.toMatchObject({ code: "GUEST_MEMORY" });
  });

  it("is GUEST_CRASHED when it exits in the middle of a call", async () => {
    expect(await rejectedCode(serve(plugIn(`(call $proc_exit (i32.const 0)) ${ECHO}`), ["x"]))).toBe("GUEST_CRASHED");
  });
});

describe("the memory that a plug-in shares with its host", () => {
  it("is held to the memory limit", async () => {
    const alloc = (bytes: number): Uint8Array => plugIn(`(drop (call $alloc (i64.const ${bytes}))) ${ECHO}`);
    const limits = { memoryBytes: 16 * PAGE };
    expect((await serve(alloc(12 * PAGE), ["x", "x"], limits)).written).toEqual(["x", "x"]);
    expect(await rejectedCode(serve(alloc(16 * PAGE), ["x"], limits))).toBe("GUEST_MEMORY");
    expect(await rejectedCode(serve(alloc(-1), ["x"], limits))).toBe("GUEST_MEMORY");
  });

  it("cannot be left: an address of no block ends the plug-in", async () => {
    for (const access of ["load_u8 (i64.const 5000000)", "load_u8 (i64.const -1)", "load_u8 (i64.const 0)"]) {
      expect(await rejectedCode(serve(plugIn(`(drop (call $${access}))`), ["x"]))).toBe("GUEST_CRASHED");
    }
    expect(await rejectedCode(serve(plugIn("(call $output_set (i64.const 64) (i64.const 9999))"), ["x"]))).toBe(
      "GUEST_CRASHED",
    );
  });

  it("holds the request, and zeros behind it", async () => {
    const reads = plugIn(
      `(if (i64.ne (call $input_load_u64 (i64.const 0)) (i64.const 0x3837363534333231)) (then unreachable))
       (if (call $input_load_u8 (call $input_length)) (then unreachable))
       (if (i64.ne (call $input_load_u64 (i64.const 1)) (i64.const 0)) (then unreachable))
       (if (i64.ne (call $length (call $input_offset)) (i64.const 8)) (then unreachable)) ${ECHO}`,
    );
    expect((await serve(reads, ["12345678"])).written).toEqual(["12345678"]);
  });
});

describe("a plug-in's variables", () => {
  const variable = plugIn(
    `(local $value i64)
     (local.set $value (call $var_get (call $input_offset)))
     (if (i64.eqz (local.get $value))
       (then (call $var_set (call $input_offset) (call $input_offset)) (call $output_set (call $input_offset) (i64.const 1)))
       (else (call $output_set (local.get $value) (call $length (local.get $value)))))`,
  );

  it("keep their values from call to call", async () => {
    expect((await serve(variable, ["name", "other", "name"])).written).toEqual(["n", "o", "name"]);
  });

  it("are held to 1 MiB together, replaced ones counted once", async () => {
    const big = "x".repeat(300_000);
    const lines = ["a", "b", "c", "d"].map((name) => `${name}${big}`);
    expect(await rejectedCode(serve(variable, lines))).toBe("GUEST_MEMORY");
    const again = plugIn(`(call $var_set (call $input_offset) (call $input_offset)) ${ECHO}`);
    const same = Array.from({ length: 20 }, () => big);
    expect((await serve(again, same)).written).toHaveLength(20);
  });

  it("are gone when set to nothing", async () => {
    const drops = plugIn(
      `(call $var_set (call $input_offset) (call $input_offset)) (call $var_set (call $input_offset) (i64.const 0))
       (if (i64.ne (call $var_get (call $input_offset)) (i64.const 0)) (then unreachable)) ${ECHO}`,
    );
    expect((await serve(drops, ["name"])).written).toEqual(["name"]);
  });
});

describe("what a plug-in is not given", () => {
  it("is configuration, and HTTP where its host answers none", async () => {
    const asks = plugIn(
      `(if (i64.ne (call $config_get (call $input_offset)) (i64.const 0)) (then unreachable))
       (if (i64.ne (call $http_request (call $input_offset) (i64.const 0)) (i64.const 0)) (then unreachable)) ${ECHO}`,
    );
    const { written, logs } = await serve(asks, ["toString"]);
    expect(written).toEqual(["toString"]);
    expect(logs).toMatchObject([{ level: "error" }]);
  });

  it("is the host's stdin: it finds it empty and takes no request", async () => {
    const reads = plugIn(
      `(i32.store (i32.const 0) (i32.const 64)) (i32.store (i32.const 4) (i32.const 64))
       (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
       (if (i32.load (i32.const 8)) (then unreachable)) ${ECHO}`,
    );
    expect((await serve(reads, ["one", "two"])).written).toEqual(["one", "two"]);
  });
});

describe("a plug-in's log", () => {
  it("takes its level from the host function, and is cut one byte behind the limit", async () => {
    const logs = plugIn(`(call $log_warn (call $input_offset)) ${ECHO}`);
    expect((await serve(logs, ["careful"], { logLineBytes: 4 })).logs).toEqual([{ level: "warn", message: "caref" }]);
  });

  it("has what it writes to stdout and stderr, also without a last LF", async () => {
    const prints = plugIn(
      `(i32.store (i32.const 0) (i32.const 64)) (i32.store (i32.const 4) (i32.const 2))
       (i32.store16 (i32.const 64) (i32.const 0x6968))
       (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))) ${ECHO}`,
    );
    const { logs, written } = await serve(prints, ["x"]);
    expect(logs).toEqual([{ level: "info", message: "hi" }]);
    expect(written).toEqual(["x"]);
  });
});

describe("loading a plug-in", () => {
  it("runs _initialize once, before the first call, with memory at hand", async () => {
    const sets = guest(`
      (global $ready (mut i32) (i32.const 0))
      (func (export "_initialize") (global.set $ready (i32.add (global.get $ready) (i32.const 1))))
      (func (export "handle") (result i32)
        (call $store_u8 (call $input_offset) (i32.add (i32.const 48) (global.get $ready))) ${ECHO} (i32.const 0))`);
    expect((await serve(sets, ["x", "x"])).written).toEqual(["1", "1"]);
  });

  it("is GUEST_LOAD when handle takes parameters", async () => {
    const wrong = guest(`(func (export "handle") (param i32) (result i32) (i32.const 0))`);
    expect(await rejectedCode(serve(wrong, ["x"]))).toBe("GUEST_LOAD");
  });

  it("is GUEST_CRASHED when its start function or _initialize traps, and never loaded", async () => {
    for (const text of [`(func $start unreachable) (start $start)`, `(func (export "_initialize") unreachable)`]) {
      const recording = recordingIo(["x"]);
      let loads = 0;
      const code = guest(`${text} (func (export "handle"))`);
      expect(await rejectedCode(wasmProgram(wasmSpec(code), recording.io, () => loads++))).toBe("GUEST_CRASHED");
      expect([loads, recording.reads]).toEqual([0, 0]);
    }
  });
});

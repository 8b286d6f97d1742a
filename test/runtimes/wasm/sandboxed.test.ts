import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Limits } from "../../../src/protocol/limits.js";
import { Sandbox } from "../../../src/sandbox/sandbox.js";
import { rejectedCode } from "../../support/codes.js";
import { recorder } from "../../support/sandboxed.js";
import { wasmSpec } from "../../support/wasm.js";
import { command, ECHO, plugIn } from "./guests.js";

/** Loops for ever on a request of one byte, else gives it back. */
const FLAVOURS = {
  "plug-in": plugIn(`(if (i64.eq (call $input_length) (i64.const 1)) (then (loop $ever (br $ever)))) ${ECHO}`),
  command: command(
    `(loop $next
       (local.set $length (call $read))
       (if (i32.eqz (local.get $length)) (then (return)))
       (if (i32.eq (local.get $length) (i32.const 2)) (then (loop $ever (br $ever))))
       (call $write (i32.const 1) (local.get $length))
       (br $next))`,
    "",
    "1",
    "(local $length i32)",
  ),
} as const;

let sandbox: Sandbox;
beforeAll(() => {
  sandbox = new Sandbox();
});
afterAll(() => sandbox.close());

const open = (code: Uint8Array, limits: Partial<Limits> = {}) =>
  sandbox.open(sandbox.addPool(wasmSpec(code, limits), 1), recorder());

describe.each(Object.entries(FLAVOURS))("a %s inside the permissioned child", (_flavour, code) => {
  it("answers every line, in order", async () => {
    const guest = await open(code);
    const lines = Array.from({ length: 300 }, (_, at) => `line ${at}`);
    const answers = await Promise.all(lines.map((line) => guest.exchange(line)));
    expect(answers.flatMap((answer) => answer.lines)).toEqual(lines);
    await guest.close();
  });

  it("is ended in the middle of an endless loop, and a neighbour goes on", async () => {
    const [guest, neighbour] = await Promise.all([open(code, { timeoutMs: 200 }), open(code)]);
    // The first exchange has the time limit of `initialize`.
    expect((await guest.exchange("hello")).lines).toEqual(["hello"]);
    expect(await rejectedCode(guest.exchange("x"))).toBe("GUEST_TIMEOUT");
    expect((await neighbour.exchange("still here")).lines).toEqual(["still here"]);
    expect(await rejectedCode(guest.exchange("after"))).toBe("GUEST_GONE");
    await Promise.all([guest.close(), neighbour.close()]);
  });
});

describe("loading inside the permissioned child", () => {
  const never = "(func $first (loop $ever (br $ever))) (start $first)";

  it.each([
    ["plug-in", plugIn(ECHO, never)],
    ["command", command("(call $serve)", never)],
  ])("ends a %s whose start function never does", async (_flavour, code) => {
    expect(await rejectedCode(open(code, { initializeTimeoutMs: 1_500 }))).toBe("GUEST_TIMEOUT");
  });

  it("tells what is wrong with a module", async () => {
    expect(await rejectedCode(open(Buffer.from("no module")))).toBe("GUEST_LOAD");
  });
});

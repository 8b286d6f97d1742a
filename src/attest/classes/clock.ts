import { endsIn, harmless } from "../attack.js";
import type { AttackClass } from "../attack.js";
import { bothWasm, file, js } from "../guests/files.js";
import { wasi } from "../guests/wasm-guest.js";
import { assemble } from "../wat/assemble.js";

const SCRIPT = `
  const spin = (turns) => { let sum = 0; for (let turn = 0; turn < turns; turn++) sum += turn % 7; return sum; };
  const between = (now, turns) => { const before = now(); spin(turns); return now() - before; };
  const clocks = {
    "Date.now": () => Date.now(),
    "new Date": () => new Date().getTime(),
    "Date()": () => Date.parse(Date()),
    performance: () => performance.now(),
    hrtime: () => Number(process.hrtime.bigint()),
    file: () => new (new Date().constructor)().valueOf(),
    constructor: () => Reflect.construct(Object.getPrototypeOf(new Date()).constructor, []).valueOf(),
  };
  for (const [name, now] of Object.entries(clocks))
    await attempt(name, () => { now(); return between(now, 1000000) !== between(now, 1) && "it tells time"; });
  await attempt("year", () => new Date().getFullYear() > 2000 && new Date().getFullYear());
  await attempt("counter", async () => {
    const { Worker } = await import("node:worker_threads");
    const shared = new SharedArrayBuffer(4);
    const code = "const { workerData } = require('node:worker_threads'); const at = new Int32Array(workerData); for (let i = 0; i < 1e8; i++) Atomics.add(at, 0, 1);";
    new Worker(code, { eval: true, workerData: shared });
    await new Promise((done) => setTimeout(done, 200));
    return Atomics.load(new Int32Array(shared), 0) > 0 && "it counts";
  });
  await attempt("timer", () => setTimeout(() => {}, 1) && "it has timers");`;

/** Reads clock 0 and 1 around a short and a long loop; a difference tells of time. */
const MODULE = {
  imports: wasi("clock_time_get", "i32 i64 i32"),
  fields: `
    (func $spin (param $turns i32) (loop $more
      (local.set $turns (i32.sub (local.get $turns) (i32.const 1))) (br_if $more (local.get $turns))))
    (func $took (param $clock i32) (param $turns i32) (result i64)
      (drop (call $clock_time_get (local.get $clock) (i64.const 1) (i32.const 64)))
      (call $spin (local.get $turns))
      (drop (call $clock_time_get (local.get $clock) (i64.const 1) (i32.const 72)))
      (i64.sub (i64.load (i32.const 72)) (i64.load (i32.const 64))))`,
  hook: `
    (i32.add (i32.add
      (i64.ne (call $took (i32.const 0) (i32.const 5000000)) (call $took (i32.const 0) (i32.const 1)))
      (i64.ne (call $took (i32.const 1) (i32.const 5000000)) (call $took (i32.const 1) (i32.const 1))))
      ;; 2001-01-01, in ns: the clock of a guest stands before it.
      (i64.gt_u (i64.load (i32.const 64)) (i64.const 978307200000000000)))`,
};

const SHARED = `(module
  (memory (export "memory") 1 2 shared)
  (func (export "_start")))`;

/** Tries to tell time, which is what attacks on caches and keys begin with. */
export const CLOCK: AttackClass = {
  name: "clock",
  tries: "measuring time with clocks, timers and counters in shared memory",
  beyond: "an executable reads the clock of the machine",
  attacks: [
    {
      name: "a script measures its own work",
      guests: { js: js({ hook: SCRIPT }) },
      judge: harmless,
      control: { shows: ({ message }) => /hrtime.*year.*counter.*timer/.test(message ?? "") },
    },
    {
      name: "a module measures its own work",
      guests: bothWasm(() => MODULE),
      judge: harmless,
      control: { shows: ({ message }) => Number(message) > 0 },
    },
    {
      name: "a module shares memory with threads",
      guests: {
        command: file("guest.wasm", assemble(SHARED)),
        "plug-in": file("guest.wasm", assemble(SHARED.replace("_start", "handle"))),
      },
      judge: endsIn("GUEST_LOAD"),
      control: { shows: ({ exit }) => exit?.code === 0, forms: ["command"] },
    },
  ],
};

import { endsIn } from "../attack.js";
import type { Attack, AttackClass, Control } from "../attack.js";
import type { Unwalled } from "../control/unwalled.js";
import { bothScripts, bothWasm, js, wasm } from "../guests/files.js";
import { extism, wasi } from "../guests/wasm-guest.js";

const CALL = { timeoutMs: 500 };
const START = { initializeTimeoutMs: 1_500 };
const SCRIPT_LOOP = "for (;;);";
const WASM_LOOP = "(loop $for_ever (br $for_ever))";

const busy = ({ message, exit, initialized }: Unwalled, when: "start" | "call"): boolean =>
  message === null && exit === null && initialized === (when === "call");

/** Without the wall it is busy until it is ended. */
const neverAnswers: Control = { shows: (seen) => busy(seen, "call"), patienceMs: 300 };
const neverStarts: Control = { shows: (seen) => busy(seen, "start"), patienceMs: 1, forms: ["command"] };

function stopped(attack: Omit<Attack, "judge">): Attack {
  return { ...attack, judge: endsIn("GUEST_TIMEOUT") };
}

function inJs(name: string, hook: string): Attack {
  return stopped({ name, guests: { js: js({ hook }) }, declared: CALL });
}

/** Tries to keep its host waiting, in every moment in which code of a guest can run. */
export const LOOPS: AttackClass = {
  name: "endless-loops",
  tries:
    "loops without end while loading, in the start function, initialize, a hook, shutdown, and in what the host calls",
  attacks: [
    stopped({
      name: "while it loads",
      guests: { ...bothScripts({ top: SCRIPT_LOOP }), ...bothWasm(() => ({ top: WASM_LOOP })) },
      declared: START,
      control: neverStarts,
    }),
    stopped({
      name: "in the start function of a module",
      guests: bothWasm(() => ({ start: WASM_LOOP })),
      declared: START,
      control: neverStarts,
    }),
    stopped({
      name: "in initialize",
      guests: { ...bothScripts({ initialize: SCRIPT_LOOP }), ...bothWasm(() => ({ initialize: WASM_LOOP })) },
      declared: START,
      control: neverStarts,
    }),
    stopped({
      name: "in a hook",
      guests: { ...bothScripts({ hook: SCRIPT_LOOP }), ...bothWasm(() => ({ hook: `${WASM_LOOP} (i32.const 0)` })) },
      declared: CALL,
      control: neverAnswers,
    }),
    stopped({
      name: "in shutdown",
      guests: { ...bothScripts({ shutdown: SCRIPT_LOOP }), ...bothWasm(() => ({ shutdown: WASM_LOOP })) },
      declared: CALL,
    }),
    inJs(
      "in jobs that make further jobs",
      "await new Promise(() => { const again = () => Promise.resolve().then(again); again(); });",
    ),
    inJs("in what the log calls to show a value", "console.log({ toJSON() { for (;;); } });"),
    inJs("in what is called to show an exception", "throw { get message() { for (;;); }, toString() { for (;;); } };"),
    inJs("in a promise of its own making", "return { raw: { replaceAll() { return { then() { for (;;); } }; } } };"),
    inJs(
      "in a getter of an error that the host reads",
      "throw Object.defineProperty(new Error('x'), 'stack', { get() { for (;;); } });",
    ),
    stopped({
      name: "in calls of host functions",
      guests: {
        "plug-in": wasm("plug-in", (texts) => ({
          imports: extism("log_info", "(param i64)"),
          locals: "(local $block i64)",
          hook: `(local.set $block (call $block ${texts.of("again")}))
            (loop $for_ever (call $log_info (local.get $block)) (br $for_ever)) (i32.const 0)`,
        })),
        command: wasm("command", () => ({
          imports: wasi("sched_yield", ""),
          hook: "(loop $for_ever (drop (call $sched_yield)) (br $for_ever)) (i32.const 0)",
        })),
        js: js({ hook: "for (;;) { try { airlock.send(1); } catch {} }" }),
      },
      declared: CALL,
      control: { ...neverAnswers, forms: ["command"] },
    }),
  ],
};

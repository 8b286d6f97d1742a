import { endsIn } from "../attack.js";
import type { AttackClass } from "../attack.js";
import type { Unwalled } from "../control/unwalled.js";
import { js, program, wasm } from "../guests/files.js";
import { extism } from "../guests/wasm-guest.js";

const QUICK = { timeoutMs: 700 };
const SPIN = `(local.set $turns (i32.const 3000000))
  (loop $wait (local.set $turns (i32.sub (local.get $turns) (i32.const 1))) (br_if $wait (local.get $turns)))`;
const LOG = '{"jsonrpc":"2.0","method":"log","params":{"level":"info","message":"soon"}}';
/** What every guest has written when it is initialized, in characters. */
const INITIALIZED = 122;

const drips = ({ message, exit, written }: Unwalled): boolean =>
  message === null && exit === null && written > INITIALIZED + 2;

/** Tries to hold a call open by always saying a little more. */
export const SLOW_ANSWERS: AttackClass = {
  name: "slow-answers",
  tries: "answers and log lines that come a little at a time, and never to an end",
  attacks: [
    {
      name: "one character at a time",
      guests: {
        executable: program({
          hook: `await new Promise(() => setInterval(() => process.stdout.write(" "), 20));`,
        }),
        command: wasm("command", (texts) => {
          const space = texts.of(" ");
          return {
            locals: "(local $turns i32)",
            hook: `(loop $drip (call $write (i32.const 1) ${space}) ${SPIN} (br $drip)) (i32.const 0)`,
          };
        }),
      },
      declared: QUICK,
      judge: endsIn("GUEST_TIMEOUT"),
      control: { shows: drips, patienceMs: 500 },
    },
    {
      name: "one log line at a time",
      guests: {
        js: js({
          hook: `for (;;) { airlock.send(${JSON.stringify(LOG)}); for (let turn = 0; turn < 1000000; turn++); }`,
        }),
        "plug-in": wasm("plug-in", (texts) => ({
          imports: extism("log_info", "(param i64)"),
          locals: "(local $turns i32)",
          hook: `(loop $drip (call $log_info (call $block ${texts.of("soon")})) ${SPIN} (br $drip)) (i32.const 0)`,
        })),
        executable: program({
          hook: `await new Promise(() => setInterval(() => process.stdout.write(${JSON.stringify(`${LOG}\n`)}), 20));`,
        }),
      },
      declared: QUICK,
      judge: endsIn("GUEST_TIMEOUT"),
      control: { shows: drips, patienceMs: 500, forms: ["js", "executable"] },
    },
  ],
};

import { answers, endsIn } from "../attack.js";
import type { AttackClass, Judge } from "../attack.js";
import type { Unwalled } from "../control/unwalled.js";
import { bothScripts, js, program, wasm, writes } from "../guests/files.js";
import { answerWith } from "../guests/form.js";
import { extism } from "../guests/wasm-guest.js";

const LINES = 50_000;
/** Of 50,000 lines so many may arrive at most: 200 a second, for longer than any call may last. */
const PASSED = 10_000;
/** A log line, and what marks it as cut. */
const LINE = 8 * 1024 + 3;
const NOTE = '{"jsonrpc":"2.0","method":"log","params":{"level":"info","message":"flood"}}\n';
const GOOD = answerWith('{"status":"success","message":"0"}');

const limited: Judge = answers(({ logs }) => {
  if (logs.length === 0) return "nothing of its log arrived";
  if (logs.length > PASSED) return `${logs.length} log lines arrived`;
  const longest = Math.max(...logs.map(({ message }) => Buffer.byteLength(message)));
  return longest > LINE ? `a log line of ${longest} bytes arrived` : null;
});
const floods = ({ written, logged }: Unwalled): boolean => written + logged > LINES * 5;
const repeated = (call: string): string => `(loop $more ${call}
  (local.set $turns (i32.add (local.get $turns) (i32.const 1)))
  (br_if $more (i32.lt_u (local.get $turns) (i32.const ${LINES})))) (i32.const 0)`;

/** Tries to drown its host in output. */
export const FLOODS: AttackClass = {
  name: "floods",
  tries: "very many lines on standard output and in the log, and very long ones",
  attacks: [
    {
      name: "lines before its answer",
      guests: writes({ text: NOTE, times: 5_000 }, GOOD),
      judge: endsIn("GUEST_MESSAGE_TOO_LARGE"),
      control: { shows: ({ written }) => written > 5_000 * NOTE.length, forms: ["command"] },
    },
    {
      name: "lines without end",
      guests: {
        executable: program({
          hook: `const piece = ${JSON.stringify(NOTE)}.repeat(500); await new Promise(() => { const more = () => { process.stdout.write(piece, more); }; more(); });`,
        }),
        command: wasm("command", (texts) => {
          const note = texts.of(NOTE);
          return { hook: `(loop $more (call $write (i32.const 1) ${note}) (br $more)) (i32.const 0)` };
        }),
        js: js({ hook: `for (;;) { try { airlock.send(${JSON.stringify(NOTE.trim())}); } catch {} }` }),
      },
      // An engine that catches the refusal may go on to loop; its time limit ends it then.
      declared: { timeoutMs: 3_000 },
      judge: endsIn("GUEST_MESSAGE_TOO_LARGE", "GUEST_TIMEOUT"),
      control: { shows: ({ written }) => written > LINES, patienceMs: 500, forms: ["command", "executable"] },
    },
    {
      name: "empty lines",
      guests: {
        command: wasm("command", () => ({
          hook: `(memory.fill (i32.const 131072) (i32.const 10) (i32.const 65536))
            (call $write (i32.const 1) (i32.const 131072) (i32.const 65536)) (i32.const 0)`,
        })),
        executable: program({ hook: `process.stdout.write("\\n".repeat(65536));` }),
      },
      judge: endsIn("GUEST_MESSAGE_TOO_LARGE"),
      control: { shows: ({ written }) => written > 65_536 },
    },
    {
      name: `${LINES} log lines`,
      guests: {
        ...bothScripts({ hook: `for (let turn = 0; turn < ${LINES}; turn++) console.error("flood " + turn);` }),
        "plug-in": wasm("plug-in", (texts) => ({
          imports: extism("log_info", "(param i64)"),
          locals: "(local $turns i32) (local $block i64)",
          hook: `(local.set $block (call $block ${texts.of("flood")})) ${repeated("(call $log_info (local.get $block))")}`,
        })),
        command: wasm("command", (texts) => {
          const line = texts.of("flood\n");
          return { locals: "(local $turns i32)", hook: repeated(`(call $write (i32.const 2) ${line})`) };
        }),
      },
      judge: limited,
      control: { shows: floods, forms: ["command"] },
    },
    {
      name: "one log line of a million characters",
      guests: {
        ...bothScripts({ hook: `console.error("x".repeat(1000000));` }),
        command: wasm("command", () => ({
          hook: `(memory.fill (i32.const 131072) (i32.const 120) (i32.const 1000000))
            (i32.store8 (i32.const 1131072) (i32.const 10))
            (call $write (i32.const 2) (i32.const 131072) (i32.const 1000001)) (i32.const 0)`,
          pages: 20,
        })),
        "plug-in": wasm("plug-in", () => ({
          imports: extism("log_info", "(param i64)"),
          hook: `(memory.fill (i32.const 131072) (i32.const 120) (i32.const 1000000))
            (call $log_info (call $block (i32.const 131072) (i32.const 1000000))) (i32.const 0)`,
          pages: 20,
        })),
      },
      judge: limited,
      control: { shows: floods, forms: ["command"] },
    },
  ],
};

import { endsIn } from "../attack.js";
import type { AttackClass, Judge } from "../attack.js";
import { bothScripts, js, program, wasm, writes } from "../guests/files.js";
import { answerWith } from "../guests/form.js";

const MIB = 1024 * 1024;
const HUGE = 4 * MIB;
/** More than any message that is passed on has. */
const SHOWN = 10_000;
const [BEFORE = "", BEHIND = ""] = answerWith('{"status":"success","message":"SPLIT"}').split("SPLIT");
const small = { messageBytes: MIB };

const endsShortly =
  (...codes: readonly string[]): Judge =>
  (seen) =>
    endsIn(...codes)(seen) ?? (seen.message.length > SHOWN ? `${seen.message.length} characters were passed on` : null);

/** Tries to use its host's memory up with text. */
export const HUGE_STRINGS: AttackClass = {
  name: "huge-strings",
  tries: "answers, errors and strings of many megabytes, lines that never end",
  attacks: [
    {
      name: "an answer over the limit",
      guests: writes(BEFORE, { text: "x".repeat(1024), times: HUGE / 1024 }, BEHIND),
      declared: small,
      judge: endsShortly("GUEST_MESSAGE_TOO_LARGE"),
      control: { shows: ({ written }) => written > HUGE, forms: ["command"], patienceMs: 500 },
    },
    {
      name: "a message over the limit of a verdict",
      guests: writes(BEFORE, { text: "x".repeat(100), times: 1_000 }, BEHIND),
      judge: endsShortly("PROTOCOL_BAD_RESULT"),
      control: { shows: ({ message }) => message?.length === 100_000, forms: ["command"] },
    },
    {
      name: "an error of its own with a message of 200,000 characters",
      guests: writes(
        '{"jsonrpc":"2.0","id":$ID,"error":{"code":1,"message":"',
        { text: "x".repeat(100), times: 2_000 },
        '"}}',
      ),
      judge: endsShortly("PROTOCOL_ERROR_ANSWER"),
      control: { shows: ({ lines }) => lines.some(({ length }) => length > 200_000), forms: ["command"] },
    },
    {
      name: "a script doubles a string",
      guests: {
        js: js({
          hook: `let text = "x"; for (let turn = 0; turn < 27; turn++) text = (text + text).split("").join(""); got("characters", text.length);`,
        }),
      },
      declared: { memoryBytes: 16 * MIB },
      judge: endsIn("GUEST_MEMORY"),
    },
    {
      name: "a script keeps many large strings",
      guests: {
        js: js({
          hook: `const held = []; for (let turn = 0; turn < 100; turn++) held.push(String.fromCharCode(65 + turn).repeat(1048576)); got("strings", held.length);`,
        }),
      },
      declared: { memoryBytes: 16 * MIB },
      judge: endsIn("GUEST_MEMORY"),
      control: { shows: ({ message }) => message === "1: strings: 100" },
    },
    {
      name: "a line that never ends",
      guests: {
        executable: program({
          hook: `const piece = "x".repeat(65536); await new Promise(() => { const more = () => { process.stdout.write(piece, more); }; more(); });`,
        }),
        command: wasm("command", () => ({
          hook: `(memory.fill (i32.const 131072) (i32.const 120) (i32.const 65536))
            (loop $more (call $write (i32.const 1) (i32.const 131072) (i32.const 65536)) (br $more))
            (i32.const 0)`,
        })),
      },
      declared: small,
      judge: endsShortly("GUEST_MESSAGE_TOO_LARGE"),
      control: { shows: ({ written }) => written > HUGE, patienceMs: 500 },
    },
    {
      name: "an exception with a message of five million characters",
      guests: bothScripts({ hook: `throw new Error("x".repeat(5000000));` }),
      judge: endsShortly("GUEST_CRASHED"),
      control: { shows: ({ exit }) => exit !== null && exit.code !== 0, forms: ["js"] },
    },
  ],
};

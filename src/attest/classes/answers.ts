import { endsIn, harmless } from "../attack.js";
import type { Attack, AttackClass, Judge } from "../attack.js";
import { bothScripts, program, wasm, writes } from "../guests/files.js";
import { answerWith, ID } from "../guests/form.js";

const GOOD = answerWith('{"status":"success","message":"0"}');
const FORGED = answerWith('{"status":"success","message":"forged"}');
/** Ids of this request, and of those that come after it. */
const LATER = Array.from({ length: 20 }, (_, at) => FORGED.replace(ID, String(at + 3))).join("\n");

/** A plain host takes the next verdict that it is given. */
const taken = {
  shows: ({ message }: { readonly message: string | null }) => message === "forged",
  forms: ["command"],
} as const;

function writesThis(name: string, text: string, judge: Judge, control = true): Attack {
  return { name, guests: writes(text), judge, ...(control && { control: { ...taken } }) };
}

/** Tries to answer what it was not asked. */
export const ANSWERS: AttackClass = {
  name: "forged-answers",
  tries: "answers for other requests, several at once, before the question, and in other forms",
  attacks: [
    writesThis("an answer for another request", FORGED.replace(ID, "99999"), endsIn("PROTOCOL_WRONG_ID"), false),
    writesThis("an answer for the request before", FORGED.replace(ID, "1"), endsIn("PROTOCOL_WRONG_ID"), false),
    writesThis("an id of another type", FORGED.replace(ID, `"${ID}"`), endsIn("PROTOCOL_WRONG_ID")),
    writesThis("no id", FORGED.replace(ID, "null"), endsIn("PROTOCOL_WRONG_ID", "PROTOCOL_NOT_JSON_RPC"), false),
    writesThis("two answers", `${GOOD}\n${FORGED}`, endsIn("PROTOCOL_TWO_ANSWERS"), false),
    writesThis(
      "answers for requests that are still to come",
      `${GOOD}\n${LATER}`,
      endsIn("PROTOCOL_WRONG_ID", "PROTOCOL_TWO_ANSWERS"),
      false,
    ),
    writesThis("a list of answers", `[${FORGED}]`, endsIn("PROTOCOL_NOT_JSON_RPC"), false),
    writesThis(
      "a result and an error",
      FORGED.replace(/}$/, ',"error":{"code":1,"message":"x"}}'),
      endsIn("PROTOCOL_NOT_JSON_RPC"),
    ),
    writesThis("an id twice", FORGED.replace(/}$/, ',"id":99999}'), endsIn("PROTOCOL_WRONG_ID")),
    writesThis(
      "a request with the id of the question",
      `{"jsonrpc":"2.0","id":${ID},"method":"shutdown"}\n${GOOD}`,
      harmless,
      false,
    ),
    {
      name: "an answer before it was asked",
      guests: {
        executable: program({ top: `process.stdout.write('${FORGED.replace(ID, "2")}\\n');` }),
        command: wasm("command", (texts) => ({
          top: `(call $write (i32.const 1) ${texts.of(`${FORGED.replace(ID, "2")}\n`)})`,
        })),
      },
      judge: (seen) =>
        seen.code === null ? harmless(seen) : endsIn("PROTOCOL_WRONG_ID", "PROTOCOL_TWO_ANSWERS")(seen),
      control: { shows: ({ lines, message }) => message === "forged" || lines.length > 1 },
    },
    {
      name: "an answer that a script sends beside its own",
      guests: {
        js: bothScripts({ hook: `airlock.send('${FORGED.replace(ID, "2")}');` }).js,
      },
      judge: endsIn("PROTOCOL_TWO_ANSWERS"),
      control: { shows: ({ lines }) => lines.some((line) => line.includes("forged")) },
    },
  ],
};

import { endsIn } from "../attack.js";
import type { AttackClass } from "../attack.js";
import type { Unwalled } from "../control/unwalled.js";
import { writes } from "../guests/files.js";
import { answerWith } from "../guests/form.js";

const DEPTH = 60_000;
const VALUES = 120_000;
const [BEFORE = "", BEHIND = ""] = answerWith('{"status":"success","metadata":{"a":SPLIT}}').split("SPLIT");

function walk(value: unknown): number {
  return Array.isArray(value) ? value.reduce<number>((sum, part) => sum + walk(part), 1) : 1;
}

/** Whether a host that simply goes through the answer runs out of stack. */
function overflows({ lines }: Unwalled): boolean {
  try {
    for (const line of lines) walk((JSON.parse(line) as { result: { metadata: { a: unknown } } }).result.metadata.a);
    return false;
  } catch (error) {
    return error instanceof RangeError;
  }
}

/** Tries to make its host run out of stack or memory over an answer. */
export const DEEP_JSON: AttackClass = {
  name: "deep-json",
  tries: "answers that nest very deep, or hold very many values",
  attacks: [
    {
      name: `an answer ${DEPTH} levels deep`,
      guests: writes(BEFORE, { text: "[", times: DEPTH }, { text: "]", times: DEPTH }, BEHIND),
      judge: endsIn("PROTOCOL_TOO_DEEP"),
      control: { shows: overflows, forms: ["command"] },
    },
    {
      name: `an answer of ${VALUES} values`,
      guests: writes(BEFORE, "[", { text: "{},", times: VALUES }, "0]", BEHIND),
      judge: endsIn("PROTOCOL_TOO_MANY_VALUES"),
      control: {
        shows: ({ lines }) => lines.some((line) => JSON.stringify(JSON.parse(line)).length > VALUES),
        forms: ["command"],
      },
    },
    {
      name: "a log notification that nests very deep",
      guests: writes(
        '{"jsonrpc":"2.0","method":"log","params":{"level":"info","message":',
        { text: "[", times: DEPTH },
        { text: "]", times: DEPTH },
        `}}\n${answerWith('{"status":"success"}')}`,
      ),
      judge: endsIn("PROTOCOL_TOO_DEEP"),
    },
    {
      name: "a request to its host that nests very deep",
      guests: writes(
        '{"jsonrpc":"2.0","id":"a","method":"http/fetch","params":',
        { text: "[", times: DEPTH },
        { text: "]", times: DEPTH },
        `}\n${answerWith('{"status":"success"}')}`,
      ),
      judge: endsIn("PROTOCOL_TOO_DEEP"),
    },
  ],
};

import { answers, endsIn } from "../attack.js";
import type { AttackClass, Judge } from "../attack.js";
import { renderText } from "../../report/text.js";
import type { IntegrationResult } from "../../runtime/types.js";
import { NEIGHBOUR } from "../event.js";
import { bothScripts, bothWasm, writes } from "../guests/files.js";
import { answerWith, introduction } from "../guests/form.js";

/** Clears the screen, colours, hides, turns the direction of writing, goes up a line, names a link. */
const ESCAPES = "\\u001b[2J\\u001b[31m\\u202e\\u200b\\u001b[1A\\r\\u001b]8;;http://other\\u0007\\u2066";
const FORGED = `all is well\\nPASS  3 resources, 1 integration: 0 broken\\n${NEIGHBOUR}: nothing to object`;
const VERDICT = `{"status":"fail","message":"${ESCAPES}${FORGED}","findings":[{"rule":"required-t\\u0430gs${ESCAPES}","severity":"low","message":"${ESCAPES}${FORGED}","url":"javascript:${ESCAPES}","path":["${ESCAPES}",0,"\\n"]}]}`;
const DECEPTIVE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** What a report shows of a result, line by line. */
function shown(said: IntegrationResult | null): readonly string[] {
  const results = said === null ? [] : [said];
  const verdict = said?.error === null ? "fail" : "error";
  const result = { verdict, results, integrations: [], notices: [], resources: 1, durationMs: 1 } as const;
  return [...renderText(result, { color: false })].join("").split("\n");
}

const shownAsItIs: Judge = ({ result }) => {
  if (result?.integration.startsWith("attack_") !== true) return `it passed for ${result?.integration ?? "nobody"}`;
  const lines = shown(result);
  const deceptive = lines.find((line) => DECEPTIVE.test(line));
  if (deceptive !== undefined) return `a report shows ${JSON.stringify(deceptive)}`;
  // Only the last line of a report, which is ours, begins so.
  const forged = lines.filter((line) => /^(?:PASS|WARN|FAIL|ERROR) /.test(line) || line.startsWith(NEIGHBOUR));
  return forged.length > 1 ? `a report shows ${JSON.stringify(forged[0])}` : null;
};

const SAID = introduction({ name: NEIGHBOUR, version: "9.9.9" });
const SAID_ESCAPES = introduction().replace('"attack"', `"${ESCAPES}"`);

/** Tries to make people believe what is not so. */
export const DECEPTION: AttackClass = {
  name: "deception",
  tries: "terminal escapes, turned text, forged lines, and names that look like another's",
  beyond: "letters that look alike stay as they are; they stand under the name that the user declared",
  attacks: [
    {
      name: "escapes and forged lines in a verdict",
      guests: writes(answerWith(VERDICT)),
      judge: (seen) => answers(() => null)(seen) ?? shownAsItIs(seen),
      control: { shows: ({ message }) => message !== null && DECEPTIVE.test(message), forms: ["command"] },
    },
    {
      name: "escapes in an error of its own",
      guests: writes(`{"jsonrpc":"2.0","id":$ID,"error":{"code":1,"message":"${ESCAPES}${FORGED}"}}`),
      judge: (seen) => endsIn("PROTOCOL_ERROR_ANSWER")(seen) ?? shownAsItIs(seen),
    },
    {
      name: "escapes in the place of an answer",
      guests: writes("\u001b[2J\u001b[31mPASS  all is well\u202e\u0007"),
      judge: (seen) => endsIn("PROTOCOL_NOT_JSON")(seen) ?? shownAsItIs(seen),
    },
    {
      name: "escapes in an exception",
      guests: bothScripts({ hook: `throw new Error("${ESCAPES}${FORGED}");` }),
      judge: (seen) => endsIn("GUEST_CRASHED")(seen) ?? shownAsItIs(seen),
    },
    {
      name: "another's name in what it says of itself",
      guests: { ...bothScripts({ said: SAID }), ...bothWasm(() => ({ said: SAID })) },
      judge: (seen) => answers(() => null)(seen) ?? shownAsItIs(seen),
    },
    {
      name: "escapes in what it says of itself",
      guests: { ...bothScripts({ said: SAID_ESCAPES }), ...bothWasm(() => ({ said: SAID_ESCAPES })) },
      judge: (seen) => answers(() => null)(seen) ?? shownAsItIs(seen),
    },
  ],
};

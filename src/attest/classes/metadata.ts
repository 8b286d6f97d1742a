import { answers, endsIn } from "../attack.js";
import type { Attack, AttackClass, Judge } from "../attack.js";
import { KEPT, NEIGHBOUR } from "../event.js";
import { bothScripts, bothWasm, writes } from "../guests/files.js";
import { answerWith, introduction } from "../guests/form.js";

const MINE = JSON.stringify({ [NEIGHBOUR]: KEPT });
const FORGED = `{"${NEIGHBOUR}":{"kept":"forged"}}`;

/** What the neighbour stored is as it was, as the neighbour itself sees it. */
const kept: Judge = ({ attached, result }) => {
  if (attached === null) return "the neighbour was not asked";
  const seen = JSON.parse(attached) as Readonly<Record<string, unknown>>;
  const others = Object.entries(seen).filter(([name]) => name !== result?.integration);
  return JSON.stringify(Object.fromEntries(others)) === MINE ? null : `the neighbour sees ${attached}`;
};

function attack(name: string, metadata: string): Attack {
  return {
    name,
    guests: writes(answerWith(`{"status":"success","message":"0","metadata":${metadata}}`)),
    judge: (seen) => answers(() => null)(seen) ?? kept(seen),
    control: {
      // What a host would have that puts the metadata of all into one object.
      shows: ({ lines }) =>
        lines.some((line) => {
          const { result } = JSON.parse(line) as { readonly result: { readonly metadata: object | null } };
          return (
            JSON.stringify({ ...(result.metadata === null ? {} : { [NEIGHBOUR]: KEPT }), ...result.metadata }) !== MINE
          );
        }),
      forms: ["command"],
    },
  };
}

const SAID = introduction({ name: NEIGHBOUR });

/** Tries to read over, change or delete what another integration stored. */
export const METADATA: AttackClass = {
  name: "metadata-of-others",
  tries: "changing and deleting what another integration stored with a resource",
  neighbourAfter: true,
  attacks: [
    attack("another's name as a key", FORGED),
    attack("another's name, deep down", `{"attack_0":${FORGED},"../${NEIGHBOUR}":{"kept":"forged"},"":${FORGED}}`),
    attack("nothing, to clear all", "null"),
    {
      name: "another's name in what it says of itself",
      guests: {
        ...bothScripts({
          said: SAID,
          hook: `return raw(${JSON.stringify(answerWith('{"status":"success","metadata":{"kept":"forged"}}'))});`,
        }),
        ...bothWasm(() => ({ said: SAID })),
      },
      judge: (seen) => answers(() => null)(seen) ?? kept(seen),
    },
    {
      name: "more than it may store",
      guests: writes(
        answerWith('{"status":"success","metadata":{"a":"SPLIT"}}').split("SPLIT")[0] ?? "",
        { text: "x".repeat(100), times: 300 },
        '"}}}',
      ),
      judge: (seen) => endsIn("RUNTIME_METADATA_TOO_LARGE")(seen) ?? kept(seen),
    },
  ],
};

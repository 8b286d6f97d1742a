import { endsIn, harmless } from "../attack.js";
import type { AttackClass } from "../attack.js";
import { bothScripts, bothWasm } from "../guests/files.js";
import { introduction } from "../guests/form.js";

/** Against a long run of one letter this takes a host that tries every way longer than it will run. */
const GLOB = `${"*a".repeat(60)}b`;
const SAID = introduction({ resource_types: [GLOB, "attack_*"] });

/** Tries to keep a host busy with a pattern. */
export const EXPRESSIONS: AttackClass = {
  name: "regular-expressions",
  tries: "patterns that take for ever, in the guest and in what it asks its host to match",
  attacks: [
    {
      name: "a script runs a pattern with nested repetitions",
      guests: bothScripts({ hook: `got("matched", /^(a+)+$/.test("a".repeat(60) + "!"));` }),
      declared: { timeoutMs: 500 },
      judge: endsIn("GUEST_TIMEOUT"),
      control: {
        shows: ({ message, exit, initialized }) => initialized && message === null && exit === null,
        patienceMs: 500,
      },
    },
    {
      name: "it asks for resource types by a pattern that backtracks",
      guests: { ...bothScripts({ said: SAID }), ...bothWasm(() => ({ said: SAID })) },
      typeSuffix: "a".repeat(5_000),
      judge: harmless,
    },
  ],
};

import { endsIn, harmless } from "../attack.js";
import type { Attack, AttackClass, Judge } from "../attack.js";
import type { Unwalled } from "../control/unwalled.js";
import { bothScripts, bothWasm, writes } from "../guests/files.js";
import { answerWith, introduction } from "../guests/form.js";

const GOOD = answerWith('{"status":"success","message":"0"}');

/** Merges as many a library once did. */
function merge(target: object, source: object): void {
  for (const [key, value] of Object.entries(source) as [string, unknown][]) {
    const known: unknown = Reflect.get(target, key);
    if (
      typeof value === "object" &&
      value !== null &&
      (typeof known === "object" || typeof known === "function") &&
      known !== null
    ) {
      merge(known, value);
    } else Reflect.set(target, key, value);
  }
}

/** Whether a plain merge of what it wrote reaches the prototype of another object; here, one of our own making. */
function pollutes({ lines }: Unwalled): boolean {
  class Victim {
    declare polluted?: string;
  }
  for (const line of lines) {
    const { result } = JSON.parse(line) as { readonly result?: object };
    for (const part of [
      result,
      result === undefined ? undefined : (Reflect.get(result, "metadata") as object | undefined),
    ]) {
      if (part !== undefined) merge(new Victim(), part);
    }
  }
  return new Victim().polluted === "yes";
}

function attack(name: string, result: string, judge: Judge = endsIn("PROTOCOL_FORBIDDEN_KEY")): Attack {
  return { name, guests: writes(answerWith(result)), judge, control: { shows: pollutes, forms: ["command"] } };
}

const HOSTILE = introduction().replace("{", '{"__proto__":{"stateless":true},');

/** Tries to reach the prototypes of the host's objects through what it answers. */
export const PROTOTYPES: AttackClass = {
  name: "prototype-pollution",
  tries: "answers with keys that reach into the prototypes of the host's objects",
  attacks: [
    attack("__proto__ in a verdict", '{"status":"success","__proto__":{"polluted":"yes"}}'),
    attack("__proto__ in metadata", '{"status":"success","metadata":{"__proto__":{"polluted":"yes"}}}'),
    attack("__proto__ written with escapes", '{"status":"success","\\u005f_pr\\u006fto__":{"polluted":"yes"}}'),
    attack("constructor.prototype in a verdict", '{"status":"success","constructor":{"prototype":{"polluted":"yes"}}}'),
    {
      name: "__proto__ in what it says of itself",
      guests: {
        ...bothScripts({ said: `JSON.parse(${JSON.stringify(HOSTILE)}), raw` }),
        ...bothWasm(() => ({ said: HOSTILE })),
      },
      judge: endsIn("PROTOCOL_FORBIDDEN_KEY"),
    },
    {
      name: "__proto__ in a log notification",
      guests: writes(
        `{"jsonrpc":"2.0","method":"log","params":{"__proto__":{"polluted":"yes"},"level":"info","message":"x"}}\n${GOOD}`,
      ),
      judge: (seen) => (seen.code === null ? harmless(seen) : endsIn("PROTOCOL_FORBIDDEN_KEY")(seen)),
    },
  ],
};

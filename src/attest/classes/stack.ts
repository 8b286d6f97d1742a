import { endsIn } from "../attack.js";
import type { Attack, AttackClass } from "../attack.js";
import type { Unwalled } from "../control/unwalled.js";
import { bothWasm, js, program } from "../guests/files.js";

const ended = ({ exit }: Unwalled): boolean => exit !== null && exit.code !== 0;

function inJs(name: string, hook: string): Attack {
  return { name, guests: { js: js({ hook }) }, judge: endsIn("GUEST_MEMORY", "GUEST_CRASHED") };
}

/** Tries to break its host by running out of stack. */
export const STACK: AttackClass = {
  name: "stack",
  tries: "recursion without end, in code, in JSON, in patterns and in source",
  attacks: [
    {
      name: "a script calls itself",
      guests: { js: js({ hook: "const again = (turn) => 1 + again(turn + 1); got('depth', again(0));" }) },
      judge: endsIn("GUEST_MEMORY"),
      control: { shows: ended },
    },
    {
      name: "a program calls itself",
      guests: { executable: program({ hook: "const again = (turn) => 1 + again(turn + 1); got('depth', again(0));" }) },
      judge: endsIn("GUEST_CRASHED"),
      control: { shows: ended },
    },
    {
      name: "a module calls itself",
      guests: bothWasm(() => ({
        fields: `(func $again (param $turn i32) (result i32) (local $a i64) (local $b i64)
          (i32.add (i32.const 1) (call $again (i32.add (local.get $turn) (i32.const 1)))))`,
        hook: "(call $again (i32.const 0))",
      })),
      judge: endsIn("GUEST_MEMORY"),
      control: { shows: ended },
    },
    inJs(
      "a script nests JSON",
      `const value = JSON.parse("[".repeat(200000) + "]".repeat(200000)); got("text", JSON.stringify(value).length);`,
    ),
    inJs("a script nests a pattern", `got("match", new RegExp("(".repeat(200000) + ")".repeat(200000)).test("x"));`),
    inJs("a script nests source text", `got("value", (0, eval)("(".repeat(200000) + "1" + ")".repeat(200000)));`),
    inJs("a script sorts by a comparison that sorts", `const sort = () => [2, 1].sort(sort); sort();`),
    inJs(
      "a script wraps a proxy in a proxy",
      `let one = {}; for (let turn = 0; turn < 100000; turn++) one = new Proxy(one, {}); got("value", one.x ?? "none");`,
    ),
  ],
};

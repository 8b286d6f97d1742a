import { endsIn, harmless } from "../attack.js";
import type { AttackClass } from "../attack.js";
import { bothWasm, file } from "../guests/files.js";
import { assemble } from "../wat/assemble.js";

const LIMIT = 65_536;
const LARGE = `(module (memory (export "memory") 1) (table 1000000 funcref) (func (export "_start")))`;

/** Tries to use memory up where a limit of linear memory does not reach. */
export const TABLES: AttackClass = {
  name: "tables",
  tries: "growing tables of references",
  attacks: [
    {
      name: "a module grows its table, and counts elements over the limit",
      guests: bothWasm(() => ({
        fields: "(table 1 funcref)",
        hook: `(block $full (loop $more
            (br_if $full (i32.eq (table.grow (ref.null) (i32.const 1000)) (i32.const -1)))
            (br_if $more (i32.lt_u (table.size) (i32.const 1000000)))))
          (if (i32.le_u (table.size) (i32.const ${LIMIT})) (then (return (i32.const 0))))
          (table.size)`,
      })),
      judge: harmless,
      control: { shows: ({ message }) => Number(message) > LIMIT },
    },
    {
      name: "a module starts with a table over the limit",
      guests: {
        command: file("guest.wasm", assemble(LARGE)),
        "plug-in": file("guest.wasm", assemble(LARGE.replace("_start", "handle"))),
      },
      judge: endsIn("GUEST_MEMORY"),
      control: { shows: ({ exit }) => exit?.code === 0, forms: ["command"] },
    },
  ],
};

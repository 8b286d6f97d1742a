import { endsIn, harmless } from "../attack.js";
import type { AttackClass } from "../attack.js";
import { bothScripts, bothWasm, js, wasm } from "../guests/files.js";
import { extism } from "../guests/wasm-guest.js";

const MIB = 1024 * 1024;

/** Collects errors that come from the host's side, and looks for a way out in each. */
const CAUGHT = `
  const caught = [];
  const provoke = (action) => { try { action(); } catch (error) { caught.push(error); } };
  provoke(() => airlock.send(7));
  provoke(() => airlock.serve(7));
  provoke(() => airlock.send.call(null));
  provoke(() => new airlock.send());
  provoke(() => console.log({ toString() { throw new Error("mine"); } }));
  for (const name of ["node:nothing", "./nothing.js"]) await import(name).catch((error) => caught.push(error));
  const reach = (value) => value.constructor.constructor("return process")().version;
  for (const error of caught) {
    await attempt("constructor", () => reach(error));
    await attempt("foreign", () => !(error instanceof Error));
    await attempt("stack", () => /file:\\/\\/|\\/dist\\/|\\/runtimes\\/|node_modules|node:internal/.exec(error.stack + error.message)?.[0]);
    await attempt("cause", () => error.cause && reach(error.cause));
  }
  await attempt("prepareStackTrace", () => {
    let sites;
    Error.prepareStackTrace = (_, given) => { sites = given; return ""; };
    void new Error().stack;
    return sites?.map((site) => site.getThis?.() ?? site.getFunction?.()).find((one) => one !== undefined) && "a function of the host";
  });
  await attempt("caller", () => airlock.send.caller ?? airlock.serve.arguments);
  await attempt("function", () => reach(airlock.send));
  await attempt("console", () => reach(console.log));`;

const thrown = (what: string, expression: string) =>
  ({
    name: `it throws ${what}`,
    guests: bothScripts({ hook: `throw ${expression};` }),
    judge: endsIn("GUEST_CRASHED"),
    control: {
      shows: ({ exit }: { readonly exit: { readonly code: number | null } | null }) => exit !== null && exit.code !== 0,
      forms: ["js"],
    },
  }) as const;

/** Tries to get hold of the host's objects through errors, to break it by what is thrown, and to use its memory up. */
export const EXCEPTIONS: AttackClass = {
  name: "exceptions",
  tries: "reaching the host through its errors, throwing what cannot be shown, leaking handles",
  attacks: [
    {
      name: "a script looks for the host in its errors",
      guests: { js: js({ hook: CAUGHT }) },
      judge: harmless,
      control: { shows: ({ message }) => message?.includes("constructor: v") === true },
    },
    thrown("an object whose every property throws", "new Proxy({}, { get() { throw new Error('again'); } })"),
    thrown(
      "an error that throws when it is shown",
      "Object.assign(new Error(), { toString() { throw this; }, get message() { throw this; } })",
    ),
    thrown("null", "null"),
    thrown("a symbol", "Symbol('x')"),
    thrown("five million characters", "new Error('x'.repeat(5000000))"),
    {
      name: "a script makes the host throw 20,000 times",
      guests: {
        js: js({
          hook: `for (let turn = 0; turn < 20000; turn++) {
            try { airlock.send({ turn }); } catch {}
            try { airlock.serve("x".repeat(100)); } catch {}
          }
          await Promise.all(Array.from({ length: 1000 }, () => import("node:nothing").catch(() => undefined)));`,
        }),
      },
      // Whatever a host call left behind in the engine would be more than this.
      declared: { memoryBytes: 4 * MIB },
      judge: harmless,
    },
    {
      name: "a module traps",
      guests: bothWasm(() => ({ hook: "(unreachable)" })),
      judge: endsIn("GUEST_CRASHED"),
      control: { shows: ({ exit }) => exit !== null && exit.code !== 0 },
    },
    {
      name: "a command gives its host pointers outside of its memory",
      guests: {
        command: wasm("command", () => ({
          hook: `(i32.add (i32.add
            (i32.eqz (call $fd_write (i32.const 1) (i32.const -16) (i32.const 1) (i32.const 8)))
            (i32.eqz (call $fd_write (i32.const 1) (i32.const 64) (i32.const -1) (i32.const 8))))
            (i32.eqz (call $fd_read (i32.const 0) (i32.const -4) (i32.const 1000) (i32.const -4))))`,
        })),
      },
      judge: harmless,
    },
    {
      name: "a plug-in reads outside of the memory it shares with its host",
      guests: {
        "plug-in": wasm("plug-in", () => ({
          imports: extism("load_u8", "(param i64) (result i32)"),
          hook: `(call $load_u8 (i64.const 0x7fffffff))`,
        })),
      },
      judge: endsIn("GUEST_CRASHED"),
    },
  ],
};

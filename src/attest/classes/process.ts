import { answers, endsIn, harmless } from "../attack.js";
import type { AttackClass, Observation } from "../attack.js";
import { bothWasm, js, program } from "../guests/files.js";
import { wasi } from "../guests/wasm-guest.js";
import { lives } from "../lives.js";

const SPAWN = `
  const { marker } = config;
  const code = "require('node:fs').writeFileSync(process.argv[1], 'x')";
  await attempt("spawn", async () => (await import("node:child_process")).spawnSync(process.execPath, ["-e", code, marker]).status === 0);
  await attempt("binding", () => process.binding("spawn_sync") && "found");
  await attempt("worker", async () => new (await import("node:worker_threads")).Worker("", { eval: true }) && "made");
  await attempt("Worker", () => new Worker("data:text/javascript,") && "made");
  await attempt("os.exec", () => os.exec(["touch", marker]) === 0);
  await attempt("kill", () => process.kill(process.ppid, 0));`;

const EXIT_CODE = 7;
/** How long a killed process may take until nobody sees it any more, in ms. */
const GONE_MS = 5_000;

/** Starts a child that would stay for a minute, and tells its process id. */
const LEAVES = `
  const { spawn } = require("node:child_process");
  const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)"], { stdio: "ignore" });
  return raw('{"jsonrpc":"2.0","id":$ID,"result":{"status":"success","message":"' + child.pid + '"}}');`;

async function leftNothing({ message }: Observation): Promise<string | null> {
  const until = performance.now() + GONE_MS;
  while (lives(Number(message))) {
    if (performance.now() > until) return `its child ${message} still runs`;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return null;
}

/** Tries to start, end or outlive processes. */
export const PROCESS: AttackClass = {
  name: "process",
  tries: "starting processes and threads, ending the host, leaving a child behind",
  beyond:
    "an executable may start processes; one that leaves its process group (setsid) is out of reach without an isolation of the system",
  attacks: [
    {
      name: "a script starts a process",
      guests: { js: js({ hook: SPAWN }) },
      judge: harmless,
      control: { shows: ({ effects }) => effects.includes("it made marker") },
    },
    {
      name: "a script ends the process that it is in",
      guests: {
        js: js({
          hook: `for (const end of [() => process.exit(${EXIT_CODE}), () => process.abort(), () => std.exit(${EXIT_CODE}), () => quit(${EXIT_CODE})])
            await attempt("ended", () => { end(); return "ended"; });`,
        }),
      },
      judge: harmless,
      control: { shows: ({ exit }) => exit?.code === EXIT_CODE },
    },
    {
      name: "it exits in the middle of a call",
      guests: {
        ...bothWasm(() => ({
          imports: `(import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))`,
          hook: `(call $proc_exit (i32.const ${EXIT_CODE})) (i32.const 1)`,
        })),
        executable: program({ hook: `process.exit(${EXIT_CODE});` }),
      },
      judge: endsIn("GUEST_CRASHED"),
      control: { shows: ({ exit }) => exit?.code === EXIT_CODE, forms: ["command", "executable"] },
    },
    {
      name: "a module sends a signal",
      guests: bothWasm(() => ({
        imports: wasi("proc_raise", "i32"),
        hook: "(i32.eqz (call $proc_raise (i32.const 9)))",
      })),
      judge: harmless,
    },
    {
      name: "a program leaves a child behind",
      guests: { executable: program({ hook: LEAVES }) },
      judge: (seen) => answers(() => null)(seen) ?? leftNothing(seen),
    },
  ],
};

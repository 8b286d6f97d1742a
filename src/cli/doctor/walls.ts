import { spawn } from "node:child_process";
import { once } from "node:events";
import { findBubblewrap, isolationText } from "../../../runtimes/executable/bubblewrap.js";
import { openEngine } from "../../../runtimes/js/engine.js";
import { permissionArguments } from "../../sandbox/child-process.js";
import { ok, reasonOf } from "./probe.js";
import type { Probe } from "./probe.js";
import { runProgram } from "./run-program.js";

const ENGINE_BYTES = 1024 * 1024;

/** Tries what the sandbox host must not be able to do, and prints what came of it. */
const FORBIDDEN = `
const tries = [
  () => require("node:fs").readFileSync(process.execPath),
  () => require("node:fs").writeFileSync("airlock-doctor-probe", ""),
  () => require("node:child_process").spawnSync(process.execPath, ["--version"]),
];
const codes = tries.map((attempt) => { try { attempt(); return "allowed"; } catch (error) { return error.code; } });
process.stdout.write(JSON.stringify(codes));
`;
const DENIED = JSON.stringify(["ERR_ACCESS_DENIED", "ERR_ACCESS_DENIED", "ERR_ACCESS_DENIED"]);

/** Starts Node as the sandbox host is started, and has it try to get out. */
export async function probePermissions(): Promise<Probe> {
  const name = "permission model";
  const remedy = "use a Node from nodejs.org, 20.19 or newer; without this wall no guest is started";
  try {
    const tried = await runProgram(
      process.execPath,
      [...permissionArguments({ folders: [], links: [] }), "-e", FORBIDDEN],
      {},
    );
    return tried === DENIED
      ? ok(name, "file reads, file writes and new processes are denied to the sandbox host")
      : { name, status: "fail", detail: `reading, writing and spawning gave ${tried}`, remedy };
  } catch (error) {
    return { name, status: "fail", detail: `Node does not start with it: ${reasonOf(error)}`, remedy };
  }
}

/** Runs a line of our own in QuickJS on WebAssembly. */
export async function probeEngine(): Promise<Probe> {
  const name = "wasm and quickjs";
  try {
    const { module } = await openEngine(ENGINE_BYTES);
    return ok(name, `QuickJS on WebAssembly answers (6 * 7 = ${String(module.evalCode("6 * 7"))})`);
  } catch (error) {
    return {
      name,
      status: "fail",
      detail: reasonOf(error),
      remedy: "Start Node without --jitless and other flags that switch WebAssembly off",
    };
  }
}

/** Starts a process in a group of its own and kills the group. */
export async function probeProcessGroups(): Promise<Probe> {
  const name = "process groups";
  const remedy = "executables may leave processes behind; use integrations of kind wasm or js";
  if (process.platform === "win32") {
    return { name, status: "warn", detail: "Windows has none", remedy };
  }
  try {
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], {
      detached: true,
      stdio: "ignore",
      env: {},
    });
    const ended = once(child, "exit");
    await once(child, "spawn");
    process.kill(-(child.pid ?? Number.NaN), "SIGKILL");
    await ended;
    return ok(name, "a whole group of processes can be ended at once");
  } catch (error) {
    return { name, status: "warn", detail: reasonOf(error), remedy };
  }
}

/** Runs a program of the system in bubblewrap, as executables are. */
export async function probeIsolation(searchPath: string | undefined): Promise<Probe> {
  const name = "isolation";
  const found = await findBubblewrap(searchPath);
  const detail = isolationText(found);
  return "path" in found ? ok(name, detail) : { name, status: "warn", detail, remedy: found.remedy };
}

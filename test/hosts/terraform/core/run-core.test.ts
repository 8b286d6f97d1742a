import { EventEmitter, once } from "node:events";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import { PASSED_SIGNALS } from "../../../../src/hosts/terraform/core/pass-signals.js";
import type { PassedSignal } from "../../../../src/hosts/terraform/core/pass-signals.js";
import { runCore, standsAtTerminal } from "../../../../src/hosts/terraform/core/run-core.js";
import type { RunCoreOptions, StartedCore } from "../../../../src/hosts/terraform/core/run-core.js";
import { rejectedCode } from "../../../support/codes.js";
import { temporaryFolder } from "../../../support/projects.js";
import { nodeProgram, program } from "./programs.js";

const PIPED = { stdin: "ignore", stdout: "pipe", stderr: "stdout" } as const;

function options(path: string, extra: Partial<RunCoreOptions> = {}): RunCoreOptions {
  const signals = new EventEmitter();
  return { path, args: [], cwd: temporaryFolder(), env: {}, stdio: PIPED, terminal: false, signals, ...extra };
}

/** Says each signal it gets, and its process group; ends at SIGTERM or when told by SIGUSR2. */
const TELLING = `
for (const name of ["SIGINT", "SIGHUP", "SIGQUIT"]) process.on(name, () => console.log(name));
process.on("SIGTERM", () => { console.log("SIGTERM"); process.exit(7); });
process.on("SIGUSR2", () => process.exit(0));
setInterval(() => undefined, 1000);
console.log("ready");
`;

interface Told {
  readonly signals: EventEmitter;
  readonly core: StartedCore;
  readonly end: ReturnType<typeof runCore>;
  /** Resolves when this line was said. */
  readonly said: (line: string) => Promise<void>;
  readonly lines: readonly string[];
}

async function telling(terminal: boolean): Promise<Told> {
  const signals = new EventEmitter();
  const lines: string[] = [];
  const news = new EventEmitter();
  let core: StartedCore | undefined;
  const end = runCore(
    options(nodeProgram(TELLING), {
      signals,
      terminal,
      onStart: (started) => {
        core = started;
        let rest = "";
        started.stdout?.on("data", (chunk: Buffer) => {
          const parts = (rest + chunk.toString()).split("\n");
          rest = parts.pop() ?? "";
          lines.push(...parts);
          news.emit("line");
        });
      },
    }),
  );
  const said = async (line: string): Promise<void> => {
    while (!lines.includes(line)) await once(news, "line");
  };
  if (core === undefined) throw new Error("it did not start");
  const { pid } = core;
  let over = false;
  void end.finally(() => (over = true));
  onTestFinished(() => {
    if (!over) process.kill(pid, "SIGKILL");
  });
  await said("ready");
  return { signals, core, end, said, lines };
}

describe("the end of core", () => {
  it.each([0, 1, 2, 7])("with exit code %i is told", async (code) => {
    expect(await runCore(options(program(`exit ${code}`)))).toEqual({ code, signal: null });
  });

  it.each([
    ["KILL", 137],
    ["TERM", 143],
    ["INT", 130],
  ])("by SIG%s is told as shells do", async (signal, code) => {
    expect(await runCore(options(program(`kill -${signal} $$`)))).toEqual({ code, signal: `SIG${signal}` });
  });
});

describe("core", () => {
  it("gets its arguments, folder and environment, and no other", async () => {
    const cwd = temporaryFolder();
    const path = program('echo "$1|$2|$PWD|$A|$B"; echo err >&2');
    let out: Promise<string> | undefined;
    const onStart = ({ stdout }: StartedCore): void => {
      out = stdout === null ? Promise.resolve("none") : text(stdout);
    };
    await runCore(options(path, { args: ["a b", "-c"], cwd, env: { A: "1" }, onStart }));
    expect(await out).toBe(`a b|-c|${cwd}|1|\nerr\n`);
  });

  it("is heard on both of its outputs in the order of what it says", async () => {
    const path = program('for i in $(seq 200); do echo "out $i"; echo "err $i" >&2; done');
    let out: Promise<string> | undefined;
    const onStart = ({ stdout }: StartedCore): void => {
      out = stdout === null ? undefined : text(stdout);
    };
    await runCore(options(path, { onStart }));
    const lines = Array.from({ length: 200 }, (_, i) => `out ${String(i + 1)}\nerr ${String(i + 1)}\n`);
    expect(await out).toBe(lines.join(""));
  });

  it("that inherits our streams hands none out", async () => {
    let started: StartedCore | undefined;
    const stdio = { stdin: "ignore", stdout: "inherit", stderr: "inherit" } as const;
    await runCore(options(program(":"), { stdio, onStart: (core) => (started = core) }));
    expect(started).toMatchObject({ stdout: null });
    expect(started?.pid).toBeGreaterThan(0);
  });

  it("that cannot be started is named", async () => {
    expect(await rejectedCode(runCore(options("/nowhere/core")))).toBe("CORE_NOT_FOUND");
    expect(await rejectedCode(runCore(options(temporaryFolder())))).toBe("CORE_NOT_EXECUTABLE");
    expect(await rejectedCode(runCore(options(program(":"), { cwd: "/nowhere" })))).toBe("CORE_ARGUMENTS");
  });
});

describe("signals to us", () => {
  it("do not reach listeners any more when core has ended", async () => {
    const signals = new EventEmitter();
    const during: number[] = [];
    const count = (): number[] => PASSED_SIGNALS.map((signal) => signals.listenerCount(signal));
    await runCore(options(program(":"), { signals, onStart: () => during.push(...count()) }));
    expect(during).toEqual([1, 1, 1, 1]);
    expect(count()).toEqual([0, 0, 0, 0]);
    expect(await rejectedCode(runCore(options("/nowhere/core", { signals })))).toBe("CORE_NOT_FOUND");
    expect(count()).toEqual([0, 0, 0, 0]);
  });

  it.each(["SIGINT", "SIGHUP", "SIGQUIT"] satisfies PassedSignal[])("go to core once for each: %s", async (signal) => {
    const { signals, said, lines, end } = await telling(false);
    signals.emit(signal);
    await said(signal);
    signals.emit("SIGTERM");
    expect(await end).toEqual({ code: 7, signal: null });
    expect(lines).toEqual(["ready", signal, "SIGTERM"]);
  });

  it("that a terminal sends to core itself are not passed on; others are", async () => {
    const { signals, said, lines, end } = await telling(true);
    signals.emit("SIGINT");
    signals.emit("SIGQUIT");
    signals.emit("SIGHUP");
    await said("SIGHUP");
    signals.emit("SIGTERM");
    await end;
    expect(lines).toEqual(["ready", "SIGHUP", "SIGTERM"]);
  });

  it("sent to our group do not reach core twice, unless a terminal shares it", async () => {
    const groups = await Promise.all(
      [false, true].map(async (terminal) => {
        const { core, end } = await telling(terminal);
        const group = await runGroup(core.pid);
        process.kill(core.pid, "SIGUSR2");
        await end;
        return group === core.pid;
      }),
    );
    expect(groups).toEqual([true, false]);
  });
});

/** The process group of a process. */
async function runGroup(pid: number): Promise<number> {
  let group: Promise<string> | undefined;
  const onStart = ({ stdout }: StartedCore): void => {
    group = stdout === null ? undefined : text(stdout);
  };
  const env = { PATH: process.env["PATH"] };
  await runCore(options(program(`ps -o pgid= -p ${pid}`), { env, onStart }));
  return Number((await group)?.trim());
}

it("stands at a terminal when it reads from or writes to one", () => {
  expect(standsAtTerminal({ isTTY: true }, {})).toBe(true);
  expect(standsAtTerminal({}, { isTTY: true })).toBe(true);
  expect(standsAtTerminal({ isTTY: false }, {})).toBe(false);
});

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { dirname, join } from "node:path";
import { ownFiles } from "../../sandbox/own-files.js";
import { attackEvent } from "../event.js";
import { HOOK } from "../guests/form.js";
import type { Form } from "../guests/form.js";
import { SECRET_VARIABLE } from "../scene.js";
import type { Scene } from "../scene.js";

/** How long an answer is waited for, and how long `initialize` may take before that counts, in ms. */
const PATIENCE_MS = 10_000;
const START_MS = 2_000;
/** What is kept of standard output, in characters; a flood is counted on. */
const KEPT = 1_000_000;

/** What an attack did where no wall is. */
export interface Unwalled {
  /** Lines that it wrote in answer to the event, or to anything after it was initialized. */
  readonly lines: readonly string[];
  /** The verdict's message in the last of these lines; null without one. */
  readonly message: string | null;
  /** Characters on standard output, and on standard error. */
  readonly written: number;
  readonly logged: number;
  /** How its process ended by itself; null when it was ended by us. */
  readonly exit: { readonly code: number | null; readonly signal: string | null } | null;
  /** Whether it had answered `initialize`. */
  readonly initialized: boolean;
  readonly effects: readonly string[];
  readonly scene: Scene;
}

/** Runs a guest in a process of its own that has no walls: initializes it, sends one event, and ends it. */
export async function runUnwalled(
  form: Form,
  source: string,
  {
    scene,
    config,
    patienceMs = PATIENCE_MS,
  }: { readonly scene: Scene; readonly config: object; readonly patienceMs?: number },
): Promise<Unwalled> {
  const child = start(form, source, scene);
  const seen = new Output(child);
  const ended = new Promise<Unwalled["exit"]>((resolve) => {
    child.on("close", (code, signal) => {
      resolve({ code, signal });
    });
  });
  child.stdin?.on("error", () => undefined);
  const requests = [
    request(1, "initialize", { protocol_version: 1, config, grants: {} }),
    request(2, HOOK, attackEvent("attack").params),
  ];
  child.stdin?.write(`${requests.join("\n")}\n`);
  const waited = Promise.race([seen.initialized, wait(START_MS)]).then(() => wait(patienceMs));
  const exit = await Promise.race([ended, seen.answered.then(() => null), waited.then(() => null)]);
  await doAsAsked(seen.lines());
  endGroup(child);
  await ended;
  const [first, ...lines] = seen.lines();
  return {
    lines,
    message: lines.map(messageOf).findLast((message) => message !== null) ?? null,
    written: seen.written,
    logged: seen.logged,
    exit,
    initialized: first !== undefined,
    effects: scene.effects(),
    scene,
  };
}

function start(form: Form, source: string, scene: Scene): ChildProcess {
  const host = join(dirname(ownFiles().entry), "../../attest/control/host.js");
  const [path, argv] =
    form === "executable" ? [source, []] : [process.execPath, ["--no-warnings", host, form, source, scene.folder]];
  return spawn(path, argv, {
    env: { ...process.env, [SECRET_VARIABLE]: scene.secret },
    cwd: scene.guestFolder(),
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
}

/** Takes what a process writes, and tells when it has answered both requests. */
class Output {
  written = 0;
  logged = 0;
  /** Settles with the first whole line, and with the answer to the event. */
  readonly initialized: Promise<void>;
  readonly answered: Promise<void>;
  #text = "";

  constructor(child: ChildProcess) {
    child.stderr?.on("data", (chunk: Buffer) => {
      this.logged += chunk.length;
    });
    const initialized = deferred();
    const answered = deferred();
    this.initialized = initialized.promise;
    this.answered = answered.promise;
    child.stdout?.on("data", (chunk: Buffer) => {
      this.written += chunk.length;
      if (this.#text.length < KEPT) this.#text += chunk.toString("utf8");
      if (!chunk.includes(0x0a)) return;
      initialized.resolve();
      if (this.lines().some((line, at) => at > 0 && /"id":\s*"?2\b/.test(line))) answered.resolve();
    });
  }

  lines(): readonly string[] {
    return this.#text.split("\n").slice(0, -1);
  }
}

/** A host that fetches whatever it is asked for. What is asked for here is a listener of our own. */
async function doAsAsked(lines: readonly string[]): Promise<void> {
  for (const line of lines) {
    const url = /"method":"http\/fetch".*"url":"(http:\/\/127\.0\.0\.1:[^"]*)"/.exec(line)?.[1];
    if (url !== undefined) await fetch(url).catch(() => undefined);
  }
}

function request(id: number, method: string, params: object): string {
  return JSON.stringify({ jsonrpc: "2.0", id, method, params });
}

function messageOf(line: string): string | null {
  try {
    const { result } = JSON.parse(line) as { readonly result?: { readonly message?: unknown } };
    return typeof result?.message === "string" ? result.message : null;
  } catch {
    return null;
  }
}

function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended already, with all that it started.
  }
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

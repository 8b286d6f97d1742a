import type { CliIo, TextOutput } from "../../src/cli/io.js";
import { runCli } from "../../src/cli/run.js";
import type { Services } from "../../src/cli/services.js";
import type { IntegrationDeclaration } from "../../src/declare/declaration.js";
import { completeDeclaration } from "../../src/declare/complete.js";
import { FakeRuntime } from "../hosts/fake-runtime.js";
import type { FakeOptions } from "../hosts/fake-runtime.js";

export class Captured implements TextOutput {
  text = "";
  readonly columns = 100;

  constructor(readonly isTTY = false) {}

  write(text: string | Uint8Array): void {
    this.text += typeof text === "string" ? text : Buffer.from(text).toString("utf8");
  }
}

export interface FakeIoOptions {
  readonly stdin?: string;
  readonly isTTY?: boolean;
  readonly env?: Record<string, string>;
  readonly cwd?: string;
  readonly interrupt?: AbortSignal;
}

/** Standard streams in memory; nothing of the test's own process is seen. */
export function fakeIo(options: FakeIoOptions = {}) {
  const stdout = new Captured(options.isTTY);
  const stderr = new Captured(options.isTTY);
  const io: CliIo = {
    stdin: () => {
      const chunks = (async function* () {
        yield await Promise.resolve(options.stdin ?? "");
      })();
      return Object.assign(chunks, { isTTY: options.isTTY ?? false });
    },
    stdinIsTTY: options.isTTY ?? false,
    readLine: () => Promise.resolve(null),
    signals: { on: () => undefined, off: () => undefined },
    stdout,
    stderr,
    oneOutput: false,
    env: options.env ?? {},
    cwd: options.cwd ?? "/nowhere",
    interrupt: options.interrupt ?? new AbortController().signal,
  };
  return { io, stdout, stderr };
}

export const ONE: IntegrationDeclaration = completeDeclaration({ name: "one", source: "./one", directory: "/nowhere" });

const unexpected = () => Promise.reject(new Error("not expected to be called"));

/** Services with a fake runtime; those not named must not be asked. */
export function fakeServices(options: Partial<Services> & { readonly fake?: FakeOptions } = {}) {
  const runtime = new FakeRuntime(options.fake);
  const services: Services = {
    readDeclarations: () =>
      Promise.resolve({ declarations: [ONE], providerIntegrations: [], trust: [], projectBlocks: [] }),
    createRuntime: () => Promise.resolve(runtime),
    resolvePackage: unexpected,
    describeModule: unexpected,
    isolation: unexpected,
    ...options,
  };
  return { services, runtime };
}

/** Runs the command line on fakes. */
export async function run(
  argv: string[],
  ioOptions: FakeIoOptions = {},
  serviceOptions: Parameters<typeof fakeServices>[0] = {},
) {
  const { io, stdout, stderr } = fakeIo(ioOptions);
  const { services, runtime } = fakeServices(serviceOptions);
  const code = await runCli(argv, io, services);
  return { code, stdout: stdout.text, stderr: stderr.text, runtime };
}

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { setFlagsFromString } from "node:v8";
import { WASI } from "node:wasi";

/**
 * A host without walls: runs one guest with all that Node can give it. Controls of `airlock attest` start it to show
 * that an attack works where nothing stops it. It is never given anything but attacks of our own.
 *
 * Arguments: the form, the file of the guest, the folder that it may reach.
 */
const [form = "", file = "", folder = ""] = process.argv.slice(2);

const say = (line: string | undefined): void => {
  if (line !== undefined) process.stdout.write(`${line}\n`);
};

/** Node warns of experimental parts when they are used. */
process.removeAllListeners("warning");

type Handle = (line: string) => unknown;

async function serve(handle: Handle): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) say((await handle(line)) as string | undefined);
}

async function module(): Promise<Handle> {
  let served: Handle | undefined;
  const airlock = {
    serve: (handle: Handle) => (served = handle),
    send: (line: unknown) => {
      say(String(line));
    },
  };
  Object.assign(globalThis, { airlock });
  const loaded = (await import(pathToFileURL(file).href)) as { readonly handle?: Handle };
  const handle = loaded.handle ?? served;
  if (handle === undefined) throw new Error("the guest has no handler");
  return handle;
}

async function plugIn(): Promise<Handle> {
  const { createPlugin } = await import("@extism/extism");
  const plugin = await createPlugin(
    { wasm: [{ data: new Uint8Array(readFileSync(file)) }] },
    {
      useWasi: true,
      // Only a plug-in in a worker is given HTTP.
      runInWorker: true,
      allowedHosts: ["*"],
      allowedPaths: { "/": folder },
    },
  );
  return async (line) => (await plugin.call("handle", line))?.text();
}

function command(): void {
  // Node 20's own WASI aborts the process now and then when it is called the fast way after its memory has grown.
  setFlagsFromString("--no-turbo-fast-api-calls");
  const wasi = new WASI({
    version: "preview1",
    args: ["guest"],
    env: process.env,
    preopens: { "/": folder },
    returnOnExit: false,
  });
  const instance = new WebAssembly.Instance(
    new WebAssembly.Module(readFileSync(file)),
    wasi.getImportObject() as WebAssembly.Imports,
  );
  wasi.start(instance);
}

if (form === "js") await serve(await module());
else if (form === "plug-in") await serve(await plugIn());
else command();
process.exit(0);

/** The global that the sandbox gives to a JavaScript guest. */
interface Sandbox {
  serve(handle: (line: string) => string | Promise<string>): void;
  send(line: string): void;
}

/** The little of Node's `process` that an executable needs. */
interface NodeProcess {
  readonly stdin: {
    setEncoding(encoding: "utf8"): unknown;
    on(event: "data", listener: (chunk: string) => void): unknown;
  };
  readonly stdout: { write(text: string): unknown };
}

// Declared here, in a module of its own, so that the SDK needs neither DOM nor Node types.
declare const airlock: Sandbox | undefined;
declare const process: NodeProcess | undefined;

/** Carries lines between host and integration: inside the sandbox, or on stdin and stdout of a process. */
export interface Transport {
  /** Writes one line (no LF) outside an answer. */
  send(line: string): void;
  /** Answers every request line, one after another, in the order they come. An empty answer is not sent. */
  serve(handle: (line: string) => string | Promise<string>): void;
}

/** The transport of the place that this code runs in. */
export function transport(): Transport {
  if (typeof airlock !== "undefined") return airlock;
  if (typeof process !== "undefined") return overStdio(process);
  throw new Error("airlock-guest-sdk runs inside the Airlock sandbox or under Node; this is neither");
}

function overStdio({ stdin, stdout }: NodeProcess): Transport {
  const send = (line: string): void => {
    stdout.write(`${line}\n`);
  };
  return {
    send,
    serve(handle) {
      let rest = "";
      let last = Promise.resolve();
      const answer = async (line: string): Promise<void> => {
        const said = await handle(line);
        if (said !== "") send(said);
      };
      stdin.setEncoding("utf8");
      stdin.on("data", (chunk) => {
        const lines = (rest + chunk).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) last = last.then(() => answer(line));
      });
    },
  };
}

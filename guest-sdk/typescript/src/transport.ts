import { isRecord } from "./values.js";

/** The global that the sandbox gives to a JavaScript guest. */
interface Sandbox {
  serve(handle: (line: string) => string | Promise<string>): void;
  send(line: string): void;
  /** Stands still until the host has answered. */
  request(line: string): string;
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
  /** Writes a request of the integration's own, and gives the host's answer to that id. */
  request(id: string, line: string): string | Promise<string>;
  /** Answers every request line, one after another, in the order they come. An empty answer is not sent. */
  serve(handle: (line: string) => string | Promise<string>): void;
}

/** The transport of the place that this code runs in. */
export function transport(): Transport {
  if (typeof airlock !== "undefined") return inSandbox(airlock);
  if (typeof process !== "undefined") return (stdio ??= overStdio(process));
  throw new Error("airlock-guest-sdk runs inside the Airlock sandbox or under Node; this is neither");
}

/** One for the process: who serves reads the answers that who asks waits for. */
let stdio: Transport | undefined;

function inSandbox(sandbox: Sandbox): Transport {
  return {
    send: (line) => {
      sandbox.send(line);
    },
    serve: (handle) => {
      sandbox.serve(handle);
    },
    request: (_id, line) => sandbox.request(line),
  };
}

/** The id that a line answers; undefined for a request of the host. */
function answeredId(line: string): unknown {
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch {
    return undefined;
  }
  return isRecord(message) && message["method"] === undefined ? message["id"] : undefined;
}

function overStdio({ stdin, stdout }: NodeProcess): Transport {
  const send = (line: string): void => {
    stdout.write(`${line}\n`);
  };
  const asked = new Map<unknown, (answer: string) => void>();
  /** Whether a line is an answer that somebody waits for. Looked into only while somebody does. */
  const isAnswer = (line: string): boolean => {
    if (asked.size === 0) return false;
    const id = answeredId(line);
    const resolve = asked.get(id);
    asked.delete(id);
    resolve?.(line);
    return resolve !== undefined;
  };
  return {
    send,
    request(id, line) {
      const answer = new Promise<string>((resolve) => asked.set(id, resolve));
      send(line);
      return answer;
    },
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
        for (const line of lines) {
          if (!isAnswer(line)) last = last.then(() => answer(line));
        }
      });
    },
  };
}

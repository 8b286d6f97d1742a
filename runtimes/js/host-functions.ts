import type { QuickJSContext, QuickJSHandle } from "quickjs-emscripten";
import { LOG_LEVELS } from "../../src/protocol/messages.js";
import type { LogLevel } from "../../src/protocol/messages.js";
import { CLOCK_START_MS } from "../clock-start.js";
import type { SandboxedSpec } from "../guest.js";
import { withHandle } from "./handles.js";
import type { StringReader } from "./handles.js";
import { PRELUDE } from "./prelude.js";
import { MESSAGE_CHARACTERS } from "./thrown.js";

/** What the guest's `airlock` and `console` end in. A host function that throws throws an `Error` in the guest. */
export interface HostFunctions {
  /** Owns neither handle: what is kept must be duplicated. */
  serve(handler: QuickJSHandle): void;
  send(message: QuickJSHandle): void;
  /** The host's answer to a request of the guest. */
  request(message: QuickJSHandle): string;
  log(level: LogLevel, message: string): void;
}

/**
 * Runs the prelude in a fresh context. The value is the prelude's `describe` function; the caller disposes it.
 * Nothing of the guest has run before.
 */
export function installPrelude(
  context: QuickJSContext,
  strings: StringReader,
  spec: SandboxedSpec,
  host: HostFunctions,
): QuickJSHandle {
  const options = JSON.stringify({
    clock: spec.grants.clock,
    random: spec.grants.random,
    epoch: CLOCK_START_MS,
    logCharacters: spec.limits.logLineBytes,
    messageCharacters: MESSAGE_CHARACTERS,
  });
  const prelude = context.unwrapResult(context.evalCode(`(host) => ${PRELUDE}(host, ${options})`, "airlock:prelude"));
  const functions = context.newObject();
  try {
    define(context, functions, "serve", (handler) => {
      host.serve(handler);
      return undefined;
    });
    define(context, functions, "send", (message) => {
      host.send(message);
      return undefined;
    });
    define(context, functions, "request", (message) => context.newString(host.request(message)));
    define(context, functions, "log", (level, message) => {
      const asked = strings.bounded(level, 8);
      host.log(
        LOG_LEVELS.find((known) => known === asked) ?? "info",
        strings.bounded(message, spec.limits.logLineBytes),
      );
      return undefined;
    });
    return context.unwrapResult(context.callFunction(prelude, context.undefined, functions));
  } finally {
    functions.dispose();
    prelude.dispose();
  }
}

function define(
  context: QuickJSContext,
  target: QuickJSHandle,
  name: string,
  body: (first: QuickJSHandle, second: QuickJSHandle) => QuickJSHandle | undefined,
): void {
  const implementation = (...values: QuickJSHandle[]): QuickJSHandle | undefined =>
    body(values[0] ?? context.undefined, values[1] ?? context.undefined);
  withHandle(context.newFunction(name, implementation), (handle) => {
    context.setProp(target, name, handle);
  });
}

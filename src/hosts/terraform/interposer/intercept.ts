import { safeLine } from "../../../base/neutralise.js";
import { diagnosticsSuffix } from "../tfplugin/diagnostics.js";
import type { DiagnosticMethod } from "../tfplugin/diagnostics.js";
import { methodOf } from "../tfplugin/methods.js";
import type { Call } from "../tfplugin/methods.js";
import { refuse } from "../tfplugin/refusals.js";
import type { RefusableMethod } from "../tfplugin/refusals.js";
import type { CallHandler } from "../wire/call-handler.js";
import { ApplyCall } from "./calls/apply-call.js";
import { ConfigureCall } from "./calls/configure-call.js";
import { DataCall } from "./calls/data-call.js";
import { MoveCall } from "./calls/move-call.js";
import { PlanCall } from "./calls/plan-call.js";
import { ReadCall } from "./calls/read-call.js";
import { schemaCall } from "./calls/schema-call.js";
import { validateProviderCall, ValidateResourceCall } from "./calls/validate-calls.js";
import type { ProviderSession } from "./session.js";

type Guarded = Exclude<RefusableMethod, "validateData">;

function handlerOf(session: ProviderSession, method: Guarded): CallHandler {
  switch (method) {
    case "validateProvider":
      return validateProviderCall(session);
    case "configure":
      return new ConfigureCall(session);
    case "validateResource":
      return new ValidateResourceCall(session);
    case "read":
      return new ReadCall(session);
    case "plan":
      return new PlanCall(session);
    case "apply":
      return new ApplyCall(session);
    case "readData":
      return new DataCall(session);
  }
}

/** What core is told when we could not look into a call: whoever relies on integrations must not be let down silently. */
function notJudged(error: unknown, method: DiagnosticMethod, severity: "error" | "warning") {
  const reason = error instanceof Error ? error.message : String(error);
  const summary = `integrations could not judge a call of ${method}`;
  return {
    severity,
    summary,
    detail: `${safeLine(reason)}\nReport this to Airlock's developers.`,
    path: null,
  } as const;
}

/** A message that cannot be read for its size or form is refused without a look: a handler that throws would let it by. */
function refused(method: Guarded, message: Uint8Array, error: unknown): Uint8Array {
  const reasons = [notJudged(error, method, "error")] as const;
  try {
    return refuse(method, message, reasons);
  } catch {
    return refuse(method, new Uint8Array(0), reasons);
  }
}

/**
 * A handler whose own faults end closed: a call that could not be judged is refused before the provider acts, and is an
 * error behind it. What an apply did is never hidden from core: there it is a warning, and nothing more is applied.
 */
function guarded(session: ProviderSession, method: Guarded): CallHandler {
  const handler = handlerOf(session, method);
  const { run } = session;
  return {
    async request(message) {
      try {
        return await handler.request(message);
      } catch (error) {
        run.fault(error, `${session.provider.source} ${method}`);
        run.judge.noteUnjudged();
        return { answer: refused(method, message, error) };
      }
    },
    async response(message) {
      try {
        return await handler.response(message);
      } catch (error) {
        run.fault(error, `${session.provider.source} ${method}`);
        run.judge.noteUnjudged();
        if (method === "apply") run.halt.set("integrations could not judge what was applied");
        const severity = method === "apply" ? "warning" : "error";
        return Buffer.concat([message, diagnosticsSuffix(method, [notJudged(error, method, severity)])]);
      }
    },
  };
}

const GUARDED: ReadonlySet<string> = new Set<Guarded>([
  "validateProvider",
  "configure",
  "validateResource",
  "read",
  "plan",
  "apply",
  "readData",
]);

function isGuarded(method: Call["method"]): method is Guarded {
  return GUARDED.has(method);
}

/** Who handles a call of core to a provider; null: it passes through untouched. */
export function interceptCall(session: ProviderSession, path: string): CallHandler | null {
  const call = methodOf(path);
  if (call === null) return null;
  if (call.method === "schema") return schemaCall(session, call.version);
  // Core validates each object again before it plans it; that is no validation of the configuration.
  if (call.method === "validateResource" && session.run.phase !== "validate") return null;
  if (call.method === "move") return new MoveCall();
  return isGuarded(call.method) ? guarded(session, call.method) : null;
}

import type { Path } from "../../../protocol/events.js";
import type { Method } from "./methods.js";
import { concat, integerField, lengthField, Message } from "./protobuf.js";
import type { Block } from "./schema.js";
import type { CtyType } from "./cty-type.js";

export type Severity = "error" | "warning";

/** One step into a value: the name of an attribute or block, or the key of an element. */
export type Step = { readonly attribute: string } | { readonly key: string | number };

/** What core prints as its own error or warning, with the resource's address and source line. */
export interface Diagnostic {
  readonly severity: Severity;
  readonly summary: string;
  readonly detail: string;
  /** Where in the resource; null for all of it. */
  readonly path: readonly Step[] | null;
}

/** The field of diagnostics in each response, the same in both versions; `stop` has none. */
export const DIAGNOSTICS_FIELD = {
  schema: 4,
  validateProvider: 2,
  configure: 1,
  validateResource: 1,
  validateData: 1,
  upgrade: 2,
  read: 2,
  plan: 4,
  apply: 3,
  import: 2,
  move: 2,
  readData: 2,
} as const satisfies Readonly<Record<Exclude<Method, "stop">, number>>;

/** The calls whose responses carry diagnostics. */
export type DiagnosticMethod = keyof typeof DIAGNOSTICS_FIELD;

const DIAGNOSTIC = { severity: 1, summary: 2, detail: 3, attribute: 4 } as const;
const PATH_STEPS = 1;
const STEP = { attribute: 1, keyText: 2, keyInteger: 3 } as const;
const SEVERITY_CODES = { error: 1, warning: 2 } as const satisfies Record<Severity, number>;

function encodeStep(step: Step): Uint8Array {
  if ("attribute" in step) return lengthField(STEP.attribute, step.attribute);
  return typeof step.key === "string"
    ? lengthField(STEP.keyText, step.key)
    : integerField(STEP.keyInteger, Math.trunc(step.key));
}

function encodeDiagnostic({ severity, summary, detail, path }: Diagnostic): Uint8Array {
  const steps = (path ?? []).map((step) => lengthField(PATH_STEPS, encodeStep(step)));
  return concat(
    integerField(DIAGNOSTIC.severity, SEVERITY_CODES[severity]),
    lengthField(DIAGNOSTIC.summary, summary),
    lengthField(DIAGNOSTIC.detail, detail),
    ...(path === null ? [] : [lengthField(DIAGNOSTIC.attribute, concat(...steps))]),
  );
}

/** Bytes to append to a response, whatever it holds already. */
export function diagnosticsSuffix(method: DiagnosticMethod, diagnostics: readonly Diagnostic[]): Uint8Array {
  return concat(
    ...diagnostics.map((diagnostic) => lengthField(DIAGNOSTICS_FIELD[method], encodeDiagnostic(diagnostic))),
  );
}

/** Steps of an `AttributePath`; a step of no known kind ends the path, as it does in core. */
export function readSteps(attributePath: Uint8Array): Step[] {
  const steps: Step[] = [];
  for (const bytes of new Message(attributePath).repeated(PATH_STEPS)) {
    const message = new Message(bytes);
    const arm = message.lastOf(Object.values(STEP));
    if (arm === null) break;
    if (arm === STEP.attribute) steps.push({ attribute: message.text(STEP.attribute) });
    else if (arm === STEP.keyText) steps.push({ key: message.text(STEP.keyText) });
    else steps.push({ key: Number(message.integer(STEP.keyInteger)) });
  }
  return steps;
}

/** A path in the plan JSON's form. */
export function pathOf(steps: readonly Step[]): Path {
  return steps.map((step) => ("attribute" in step ? step.attribute : step.key));
}

/** Reads `Diagnostic` messages; what is neither error nor warning counts as a warning, so that it is not lost. */
export function readDiagnostics(messages: readonly Uint8Array[]): Diagnostic[] {
  return messages.map((bytes) => {
    const message = new Message(bytes);
    const path = message.message(DIAGNOSTIC.attribute);
    return {
      severity: message.number(DIAGNOSTIC.severity) === SEVERITY_CODES.error ? "error" : "warning",
      summary: message.text(DIAGNOSTIC.summary),
      detail: message.text(DIAGNOSTIC.detail),
      path: path === null ? null : readSteps(path),
    };
  });
}

/** The diagnostics of a response. Throws `TfpluginError` TFPLUGIN_MESSAGE or TFPLUGIN_TOO_LARGE. */
export function diagnosticsOf(method: DiagnosticMethod, response: Uint8Array): Diagnostic[] {
  return readDiagnostics(new Message(response).repeated(DIAGNOSTICS_FIELD[method]));
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}

function stepInto(type: CtyType, part: string | number): { step: Step; type: CtyType } | null {
  if (type.kind === "object" && typeof part === "string") {
    const attribute = type.attributes.get(part);
    return attribute === undefined ? null : { step: { attribute: part }, type: attribute };
  }
  if (type.kind === "map" && typeof part === "string") return { step: { key: part }, type: type.element };
  if (typeof part !== "number") return null;
  if (type.kind === "list") return { step: { key: part }, type: type.element };
  const element = type.kind === "tuple" ? type.elements[part] : undefined;
  return element === undefined ? null : { step: { key: part }, type: element };
}

/**
 * The steps of a path in the plan JSON's form: as many as the schema can follow. Elements of sets have no key that the
 * protocol could carry, so a path into a set ends at the set.
 */
export function stepsOf(path: Path, block: Block): Step[] {
  const steps: Step[] = [];
  let type = block.type;
  for (const part of path) {
    const next = stepInto(type, part);
    if (next === null) break;
    steps.push(next.step);
    type = next.type;
  }
  return steps;
}

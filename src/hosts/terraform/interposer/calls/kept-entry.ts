import type { Attached } from "../../metadata/run-metadata.js";
import { NO_METADATA, withEntry } from "../../metadata/entry.js";
import type { Diagnostic } from "../../tfplugin/diagnostics.js";
import { privateSuffix } from "../../tfplugin/private-field.js";
import type { PrivateMethod } from "../../tfplugin/private-field.js";
import type { LiveRun } from "../live-run.js";

/** What a call's answer leaves with core. */
export interface Keeping {
  readonly method: PrivateMethod;
  /** What the provider gave. */
  readonly own: Uint8Array;
  /** null: nothing has to find the object by it. */
  readonly id: string | null;
  readonly address: string | null;
  readonly attached: Attached;
}

/** What to append to the answer, and what core is to be told of it. */
export interface Kept {
  readonly suffix: Uint8Array;
  /** The private bytes as core will have them. */
  readonly bytes: Uint8Array;
  /** Whether they hold the id. */
  readonly isMarked: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

const NOTHING = new Uint8Array(0);

function tooLarge(severity: Diagnostic["severity"]): Diagnostic {
  const summary = "integrations attached more metadata to this resource than its private bytes can hold";
  const detail = "Let them keep less of each resource: metadata_size in their declarations. (METADATA_TOO_LARGE)";
  return { severity, summary, detail, path: null };
}

/** Puts our entry into what core keeps of an object; what has no place there goes beside the state. */
export function keepEntry(run: LiveRun, { method, own, id, address, attached }: Keeping): Kept {
  const nothing: Kept = { suffix: NOTHING, bytes: own, isMarked: false, diagnostics: [] };
  // What was planned to be stored, and cleared since, must not come back.
  if (attached.isChanged && attached.stored.size === 0 && address !== null) run.metadata.keep(address, NO_METADATA);
  if (id === null && attached.stored.size === 0) return nothing;
  const written = withEntry(own, { id, address, metadata: attached.stored });
  if (written.kind === "stored") {
    return {
      suffix: privateSuffix(method, written.bytes),
      bytes: written.bytes,
      isMarked: id !== null,
      diagnostics: [],
    };
  }
  if (written.kind === "too-large") {
    // What was planned can be refused; what was done cannot.
    return { ...nothing, diagnostics: [tooLarge(method === "plan" ? "error" : "warning")] };
  }
  if (written.kind === "nowhere" && address !== null && attached.isChanged) {
    run.metadata.keep(address, attached.stored);
  }
  return nothing;
}

import { editState } from "../metadata/edit-state.js";
import type { Change } from "../metadata/edit-state.js";
import { entryIn, isSame } from "../metadata/entry.js";
import type { StoredMetadata } from "../metadata/entry.js";
import { MetadataError } from "../metadata/metadata-error.js";
import { replacePlannedState, stateIn } from "../records/plan-archive.js";
import type { PlanArchive } from "../records/plan-archive.js";
import { currentState } from "./current-state.js";
import { moves } from "./moved.js";
import type { StageRun } from "./run.js";

/** What integrations attached to resources that core plans no change of, by address. */
function attachedToUnchanged(run: StageRun, { changes }: PlanArchive): ReadonlyMap<string, StoredMetadata> {
  const unchanged = changes.filter(({ isNoOp, deposed }) => isNoOp && deposed === "");
  return new Map(
    unchanged.map((change) => [
      change.address,
      run.metadata.saidOf(change.address) ?? entryIn(change.private).metadata,
    ]),
  );
}

/**
 * Core keeps what it planned for a resource only if it changes it. What integrations attached to all others goes into
 * the state that the plan in `file` starts from, which core writes when it applies the plan. Nothing else of the plan
 * changes; an encrypted one stays as it is, and what was attached stands beside the state then. Gives the file to apply,
 * which is in the run's folder: a plan that a user saved is not touched.
 */
export async function carryOver(run: StageRun, archive: PlanArchive | null, file: string): Promise<string> {
  if (archive === null) return file;
  const attached = attachedToUnchanged(run, archive);
  const change: Change = ({ address, deposed, mode }, stored, isDamaged) => {
    const wanted = mode === "managed" && deposed === null && !isDamaged ? attached.get(address) : undefined;
    return wanted === undefined || isSame(wanted, stored) ? null : wanted;
  };
  const edited = editState(archive.state, stateIn(archive), change, { serial: "kept" });
  for (const [{ address }, stored] of edited.elsewhere) run.metadata.keep(address, stored);
  if (edited.text === null) return file;
  const target = run.folder.file("plan");
  await replacePlannedState(file, edited.text, target);
  return target;
}

/**
 * Brings what stands beside the state in line with it, when core has changed it. Warns of what keeps it from that: what
 * core did stands.
 */
export async function settleMetadata(run: StageRun): Promise<void> {
  if (run.metadata.isIdle) return;
  try {
    await run.metadata.finish(await currentState(run), moves(run.project.configuration.refactorings));
  } catch (error) {
    if (!(error instanceof MetadataError)) throw error;
    const detail = [error.remedy, `(${error.code})`].filter((line) => line !== undefined).join("\n");
    run.io.show([{ severity: "warning", summary: error.message, detail, address: error.address ?? null }]);
  }
}

/** What is to be stored for what a plan makes or changes, by address. */
export function plannedMetadata({ changes }: PlanArchive): ReadonlyMap<string, StoredMetadata> {
  const kept = changes.filter(({ isNoOp, isDelete, deposed }) => !isNoOp && !isDelete && deposed === "");
  return new Map(
    kept.flatMap(({ address, private: bytes }) => {
      const { metadata } = entryIn(bytes);
      return metadata.size === 0 ? [] : [[address, metadata] as const];
    }),
  );
}

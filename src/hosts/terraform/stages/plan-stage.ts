import type { Readable } from "node:stream";
import type { PlanView } from "../../plan-file/plan-view.js";
import type { CoreArguments } from "../core/core-arguments.js";
import type { AddressBook } from "../records/address-book.js";
import { readPlanArchive, stateIn } from "../records/plan-archive.js";
import type { PlanArchive } from "../records/plan-archive.js";
import { currentState } from "./current-state.js";
import { judgeRest } from "./judge-rest.js";
import { learnFromPlan, learnFromState } from "./learn-secrets.js";
import { imported, moves } from "./moved.js";
import { viewOfPlan } from "./plan-view-of.js";
import { aliasesIn } from "./plan-aliases.js";
import type { StageRun } from "./run.js";
import { showResults, stageHook } from "./stage-hooks.js";

/** What came of planning. */
export interface Planned {
  /** Core's exit code; with -detailed-exitcode 2 says that there are changes. */
  readonly code: number;
  /** Integrations agree that it be applied, and core could make it. */
  readonly accepted: boolean;
  /** null when core made no plan, or where the plan is encrypted. */
  readonly archive: PlanArchive | null;
  /** The plan's JSON, read by core when it is first wanted. */
  readonly view: () => Promise<PlanView>;
}

/** How a plan is made. */
export interface PlanStart {
  readonly args: CoreArguments;
  /** Where core writes the plan. */
  readonly file: string;
  readonly stdout?: (stdout: Readable) => void;
}

function isDestroy(args: CoreArguments): boolean {
  return args.bool("destroy");
}

/**
 * Lets core plan with integrations in it, then puts before them what only the finished plan tells: changes that no
 * provider call was made for, and the whole. The plan is in `file` when core could make it, accepted or not.
 */
export async function planStage(run: StageRun, { args, file, stdout }: PlanStart): Promise<Planned> {
  const book = run.newBook();
  const { refactorings } = run.project.configuration;
  book.addState(await currentState(run), moves(refactorings));
  book.addComing(imported(refactorings));
  if (!(await stageHook(run, "plan-stage-start"))) return notPlanned(1);
  const { code } = await run.core({
    phase: isDestroy(args) ? "destroy-plan" : "plan",
    args: args.without("out").withFirst(`-out=${file}`),
    book,
    ...(stdout !== undefined && { stdout }),
  });
  if (code !== 0 && code !== 2) {
    // What core could plan before its error is there, too.
    learnPlan(run, await readPlanArchive(file).catch(() => null), book);
    return notPlanned(code);
  }
  return judgePlan(run, { code, file, book, archive: await readPlanArchive(file) });
}

function notPlanned(code: number): Planned {
  return { code, accepted: false, archive: null, view: () => Promise.reject(new Error("there is no plan")) };
}

/** Puts a plan that an earlier run made before the integrations, as if it had been made now. */
export async function judgeSavedPlan(run: StageRun, file: string): Promise<Planned> {
  const archive = await readPlanArchive(file);
  if (archive !== null) learnFromState(stateIn(archive), run.secrets);
  if (!(await stageHook(run, "plan-stage-start"))) return notPlanned(1);
  return judgePlan(run, { code: 0, file, book: run.newBook(), archive });
}

/** Takes in what the plan tells of what was judged: addresses and secrets. */
function learnPlan(run: StageRun, archive: PlanArchive | null, book: AddressBook): void {
  if (archive !== null) {
    if (run.judge.isInDoubt) book.addState(stateIn(archive));
    book.addPlan(archive);
    learnFromPlan(archive, run.project.configuration, run.secrets);
    run.judge.rekey((id) => book.ofId(id)?.address);
  }
  run.io.show(
    run.unshown.splice(0).map(({ diagnostic, id }) => ({ ...diagnostic, address: book.ofId(id)?.address ?? null })),
  );
}

const NOTHING = new Uint8Array(0);

interface MadePlan extends Pick<Planned, "code" | "archive"> {
  readonly file: string;
  readonly book: AddressBook;
}

async function judgePlan(run: StageRun, { code, file, book, archive }: MadePlan): Promise<Planned> {
  learnPlan(run, archive, book);
  const view = once(() => viewOfPlan(run, file));
  showResults(run, await judgeRest(run, archive, view));
  const good = await stageHook(run, "plan-stage-complete", async () => {
    const { whole } = await view();
    const place = aliasesIn(archive);
    const stored = storedIn(run, archive);
    return whole.map((one) => place(one.view(stored(one.address, one.mode))));
  });
  const { verdict } = run.judge;
  return { code, accepted: good && verdict !== "fail" && verdict !== "error", archive, view };
}

/** What is stored for each resource of a plan: of what it leaves aside, too. */
function storedIn(run: StageRun, archive: PlanArchive | null) {
  const objects =
    archive === null
      ? []
      : [
          ...stateIn(archive).filter(({ deposed }) => deposed === null),
          ...archive.changes.filter(({ deposed }) => deposed === ""),
        ];
  const privates = new Map(objects.map((one) => [one.address, one.private]));
  return (address: string, mode: "managed" | "data") =>
    mode === "data"
      ? run.judge.metadataOf(address)
      : run.metadata.open(privates.get(address) ?? NOTHING, address).metadata;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { errorCode } from "../../../base/error-code.js";
import { ApplyOutput } from "../core/apply-output.js";
import { approvalPrompt, APPROVED_TEXT, cancelledText, isApproved, noAnswerText } from "../core/approval.js";
import type { ApprovalMode } from "../core/approval.js";
import type { CoreArguments } from "../core/core-arguments.js";
import { inTurn } from "../core/output-filter.js";
import type { OutputFilter } from "../core/output-filter.js";
import { PlanTail } from "../core/plan-tail.js";
import type { PlanEnding } from "../core/plan-tail.js";
import { SaidBefore } from "../core/said-before.js";
import { splitApply } from "../core/split-apply.js";
import { carryOver, settleMetadata } from "./keep-metadata.js";
import { applyStage } from "./apply-stage.js";
import { LiveError } from "./live-error.js";
import { currentState } from "./current-state.js";
import { deliver, withdraw } from "./deliver.js";
import { judgeSavedPlan, planStage } from "./plan-stage.js";
import type { Planned } from "./plan-stage.js";
import type { StageRun } from "./run.js";
import { stageHook } from "./stage-hooks.js";
import { rekeyByState, stateViews } from "./state-views.js";

type Ending = (planned: Planned) => Promise<PlanEnding>;

/** Core's own code where core failed, be it by a signal; 1 where it did not, and integrations refuse what it planned. */
function refusedCode({ code }: Planned): number {
  return code === 0 || code === 2 ? 1 : code;
}

/** Runs core's plan with its human output going through us, so that the end of it can be said by us. */
async function planShown(run: StageRun, args: CoreArguments, ending: Ending, said = new SaidBefore()) {
  const file = run.folder.file("plan");
  if (args.bool("json")) {
    const planned = await planStage(run, { args, file });
    await ending(planned);
    return planned;
  }
  const tail = new PlanTail({ core: run.project.identity.name, planPath: file });
  const planned = await planStage(run, {
    args,
    file,
    stdout: (stdout) =>
      stdout.on("data", (chunk: Uint8Array) => {
        said.planned(chunk);
        run.io.write(tail.push(chunk));
      }),
  });
  run.io.write(tail.end(await ending(planned)));
  return planned;
}

/** `plan`: what core plans, judged. With `-out` the plan is there afterwards unless integrations refused it. */
export async function planCommand(run: StageRun): Promise<number> {
  const { args } = run.place;
  const out = args.flag("out");
  const planned = await planShown(run, args, async ({ accepted, archive }) => {
    if (out === undefined) return { kind: accepted ? "unsaved" : "none" };
    const target = resolve(run.project.root, out);
    if (!accepted) {
      await notSaved(run, target);
      return { kind: "none" };
    }
    await saved(await carryOver(run, archive, run.folder.file("plan")), target);
    return { kind: "saved", path: run.place.written.flag("out") ?? out };
  });
  return planned.accepted ? planned.code : refusedCode(planned);
}

/** What remains of a plan that cannot be applied: nothing of one that integrations refused. */
async function notSaved(run: StageRun, target: string): Promise<void> {
  const { verdict } = run.judge;
  const file = run.folder.file("plan");
  if (verdict === "fail" || verdict === "error") {
    if (await withdraw(target)) run.io.note(`removed ${target}: it is not the plan that was refused`);
    // Core leaves what it could plan before an error, to be looked at; it refuses to apply that.
  } else if (await isThere(file)) await saved(file, target);
}

async function saved(file: string, target: string): Promise<void> {
  try {
    await deliver(file, target);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LiveError("LIVE_OUTPUT", `the plan cannot be written to ${target}: ${reason}`, {
      cause,
      remedy: "Name another file with -out.",
    });
  }
}

/** `apply` and `destroy`: of a saved plan, or of one that is made, judged and approved first. */
export async function applyCommand(run: StageRun): Promise<number> {
  const { args } = run.place;
  const [file] = args.positional;
  if (file === undefined) return planAndApply(run);
  const path = resolve(run.project.root, file);
  // Core says in its own words that there is no plan to apply.
  if (!(await isThere(path))) return (await run.core({ phase: "apply", args, book: run.newBook() })).code;
  // It may come from a run without us, and what is policy now need not have been then.
  const planned = await judgeSavedPlan(run, path);
  if (!planned.accepted) return refusedCode(planned);
  const { archive, view } = planned;
  const kept = await carryOver(run, archive, path);
  return applyStage(run, { args: kept === path ? args : args.withPositional(kept), archive, view });
}

/** Whether there is something that may be a plan. */
async function isThere(path: string): Promise<boolean> {
  try {
    return !(await stat(path)).isDirectory();
  } catch (error) {
    return errorCode(error) !== "ENOENT";
  }
}

async function planAndApply(run: StageRun): Promise<number> {
  const { args, shadow } = run.place;
  // Core says that it cannot ask for approval then, and does nothing.
  if (args.bool("json") && !args.bool("auto-approve")) {
    return (await run.core({ phase: "apply", args, book: run.newBook() })).code;
  }
  const { plan, apply } = splitApply(args, run.project.identity);
  const said = new SaidBefore();
  const ending: Ending = () => Promise.resolve({ kind: "none" });
  const planned = await planShown(run, plan.withFirst("-detailed-exitcode"), ending, said);
  if (!planned.accepted) return refusedCode(planned);
  const { archive, view } = planned;
  const file = await carryOver(run, archive, run.folder.file("plan"));
  const mayApply = planned.code === 0 || args.bool("auto-approve") || (await isApprovedByUser(run, plan));
  if (!mayApply) return 1;
  for (const notice of (await shadow?.renew()) ?? []) run.io.note(notice.message);
  const output = outputOf(args, said);
  const start = { args: apply.withPositional(file), archive, view };
  return applyStage(run, output === null ? start : { ...start, output });
}

/** Only where there is something to say otherwise: core that prints by itself knows how wide the terminal is. */
function outputOf(args: CoreArguments, said: SaidBefore): OutputFilter | null {
  const options = { destroy: args.command === "destroy", json: args.bool("json") };
  return inTurn([
    ...(said.hasWarnings ? [said] : []),
    ...(options.destroy || options.json ? [new ApplyOutput(options)] : []),
  ]);
}

function modeOf(plan: CoreArguments): ApprovalMode {
  if (plan.bool("destroy")) return "destroy";
  return plan.bool("refresh-only") ? "refresh-only" : "apply";
}

async function isApprovedByUser(run: StageRun, plan: CoreArguments): Promise<boolean> {
  const mode = modeOf(plan);
  const approval = {
    core: run.project.identity.name,
    mode,
    workspace: run.run.workspace,
    color: !plan.bool("no-color"),
  };
  const answer = await run.io.ask(approvalPrompt(approval));
  if (answer === null) {
    const why = run.io.interrupt.aborted ? "interrupted" : "EOF";
    run.io.writeError(noAnswerText(why, approval.color));
    return false;
  }
  const approved = isApproved(answer);
  run.io.write(Buffer.from(approved ? APPROVED_TEXT : cancelledText(mode)));
  return approved;
}

/** `refresh`, `import` and `validate`: one start of core, with the hooks of what it does. */
export async function refreshCommand(run: StageRun): Promise<number> {
  const book = await bookOfState(run);
  const { code } = await run.core({ phase: "refresh", args: run.place.args, book });
  await rekeyByState(run, book);
  await settleMetadata(run);
  if (code !== 0) return code;
  await stageHook(run, "refresh-stage-complete", () => stateViews(run));
  return code;
}

export async function importCommand(run: StageRun): Promise<number> {
  const { args } = run.place;
  const book = await bookOfState(run);
  book.addComing(args.positional.slice(0, 1));
  const { code } = await run.core({ phase: "import", args, book });
  await rekeyByState(run, book);
  await settleMetadata(run);
  return code;
}

export async function validateCommand(run: StageRun): Promise<number> {
  const { code } = await run.core({ phase: "validate", args: run.place.args, book: run.newBook() });
  return code;
}

async function bookOfState(run: StageRun) {
  const book = run.newBook();
  book.addState(await currentState(run));
  return book;
}

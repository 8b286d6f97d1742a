import { defineIntegration, finding, isRecord, serve, success, warn } from "airlock-guest-sdk";
import type { Path, ResourceEvent, Verdict } from "airlock-guest-sdk";
import { changedPaths, pathText } from "./changed-paths.js";

const RULE = "drift";
const MOST_PATHS = 20;
const LONGEST_PATH = 100;
/** No path of a finding may have a longer step. */
const LONGEST_STEP = 1_024;

/** How often a resource was found changed, as an earlier run stored it. People edit states: what is no count is none. */
function stored({ metadata }: ResourceEvent, name: string): { readonly drifts: number; readonly lastRun: unknown } {
  const { drifts, last } = Object.hasOwn(metadata, name) ? (metadata[name] ?? {}) : {};
  const isCount = typeof drifts === "number" && Number.isSafeInteger(drifts) && drifts >= 0;
  return { drifts: isCount ? drifts : 0, lastRun: isRecord(last) ? last["run"] : undefined };
}

function shown(path: Path): string {
  const text = path.length === 0 ? "all of it" : pathText(path);
  return text.length > LONGEST_PATH ? `${text.slice(0, LONGEST_PATH - 1)}…` : text;
}

function messageOf(action: string, texts: readonly string[], more: number): string {
  if (action === "delete") return "gone: it was deleted outside of this project";
  if (texts.length === 0) return "changed outside of this project, in what integrations are not shown";
  return `changed outside of this project: ${texts.join(", ")}${more === 0 ? "" : `, and ${more} more`}`;
}

function findingOf(path: Path) {
  const fits = path.every((step) => typeof step === "number" || step.length <= LONGEST_STEP);
  const message = `${shown(path)} was changed outside of this project`;
  return finding({ rule: RULE, message, ...(fits ? { path } : {}) });
}

/** Warns of a change and stores where it was. No value is kept: a state must not hold copies of what may be secret. */
function note(event: ResourceEvent, own: string): Verdict {
  const { run, mode, action, before, after } = event;
  if (mode !== "managed" || (action !== "update" && action !== "delete")) return success();
  const all = action === "delete" ? [] : [...changedPaths(before, after)];
  const paths = all.slice(0, MOST_PATHS);
  const texts = paths.map(shown);
  const more = all.length - paths.length;
  const { drifts, lastRun } = stored(event, own);
  return warn(messageOf(action, texts, more), {
    findings: paths.map(findingOf),
    metadata: {
      // A run that sees it twice, to plan and to destroy, counts it once.
      drifts: drifts + (lastRun === run.id ? 0 : 1),
      last: { run: run.id, command: run.command, action, paths: texts, more },
    },
  });
}

serve(
  defineIntegration({
    name: "drift-logger",
    version: "1.0.0",
    stateless: true,
    metadataVersion: 1,
    hooks: { "post-refresh-resource": (event, { integration }) => note(event, integration.name) },
  }),
);

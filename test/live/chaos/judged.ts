import { expect } from "vitest";
import type { CheckReport } from "../../../src/report/check-report.js";
import type { Reported } from "../../support/live/airlock.js";
import type { Workspace } from "../../support/live/workspace.js";
import { INTEGRATIONS, namesInState, objectsOf, RESOURCES } from "./project.js";
import type { OnError } from "./project.js";

/** What was done to a round. */
export interface Disturbed {
  readonly onError: OnError;
  /** When providers were killed, in ms since 1970. */
  readonly providerKills: readonly number[];
}

/** Between making an object and having told of it a provider can be killed; nobody can know of the object then, with or without us. */
const UNTOLD_MS = 50;

/** What must be so after a round, whatever became of it. Gives how many objects were made and could not be told of. */
export function judgeRound(space: Workspace, end: Reported, disturbed: Disturbed, what: string): number {
  const { report } = end;
  if (report === null) expect.fail(`${what}: no report\n${end.stdout}\n${end.stderr}`);
  const results = report.results.filter(({ address }) => address !== null);
  const keys = results.map(({ integration, hook, address }) => `${integration} ${hook} ${address}`);
  expect(keys.length - new Set(keys).size, `${what}: verdicts that came twice`).toBe(0);
  const given = new Set(keys);
  const state = namesInState(space);
  // The wasm guest takes part in planning only; one that was killed while it started takes part in nothing.
  const absent = new Set(["wasm", ...startless(report)]);
  const asked = INTEGRATIONS.filter((one) => !absent.has(one));
  const expectVerdicts = (hook: string, name: string): void => {
    const address = `mockcloud_instance.${name.replace("-", "[")}]`;
    const missing = asked.filter((integration) => !given.has(`${integration} ${hook} ${address}`));
    expect(missing, `${what}: integrations without a verdict on ${hook} ${address}`).toEqual([]);
  };
  for (const name of namesOf(space, "create")) expectVerdicts("pre-apply-resource", name);
  for (const name of state) expectVerdicts("post-apply-resource", name);
  const untold = objectsOf(space).filter(({ name }) => !state.has(name));
  const unexplained = untold.filter(
    ({ writtenMs }) => !disturbed.providerKills.some((at) => Math.abs(at - writtenMs) <= UNTOLD_MS),
  );
  expect(unexplained, `${what}: objects that the state does not know\n${end.stderr}`).toEqual([]);
  expectCode(end, disturbed, state.size, what);
  return untold.length;
}

function namesOf(space: Workspace, method: string): ReadonlySet<string> {
  return new Set(space.calls().flatMap((call) => (call.method === method ? [call.name] : [])));
}

function startless({ results }: CheckReport): readonly string[] {
  return results.flatMap(({ hook, integration }) => (hook === "initialize" ? [integration] : []));
}

function expectCode(end: Reported, { onError, providerKills }: Disturbed, made: number, what: string): void {
  const hasErrors = end.report?.results.some(({ status }) => status === "error") ?? false;
  const said = `${what}\n${end.stdout.slice(-2000)}\n${end.stderr.slice(-2000)}`;
  if (end.code === 0) expect(made, said).toBe(RESOURCES);
  if (onError === "fail" && hasErrors) expect(end.code, said).toBe(1);
  else if (providerKills.length === 0) expect(end.code, said).toBe(0);
  else expect([0, 1], said).toContain(end.code);
}

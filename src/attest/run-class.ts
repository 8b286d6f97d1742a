import { findBubblewrap } from "../../runtimes/executable/bubblewrap.js";
import { FORMS } from "./guests/form.js";
import type { Form } from "./guests/form.js";
import type { Attack, AttackClass, Observation } from "./attack.js";
import { runBatch } from "./batch.js";
import type { Attempt } from "./batch.js";
import { runUnwalled } from "./control/unwalled.js";
import type { Unwalled } from "./control/unwalled.js";
import { Scene, SECRET_VARIABLE } from "./scene.js";

/** Attacks made at once, in one sandbox host: to start one costs more than most attacks. */
const AT_ONCE = 12;
/** Controls run at once. */
const CONTROLS_AT_ONCE = 3;
const NAMED = /^(?:CONFIGURATION|DECLARE|GUEST|PACKAGE|PROTOCOL|RUNTIME|SANDBOX)_[A-Z_]+$/;

/** What came of one attack in one form. */
export interface AttackOutcome {
  readonly attack: string;
  readonly form: Form;
  /** The code of the error that it ended in; null when it answered. */
  readonly code: string | null;
  /** Why it got through; null when every wall held. */
  readonly why: string | null;
}

/** Whether an attack works where its wall is not. */
export interface ControlOutcome {
  readonly attack: string;
  readonly form: Form;
  /** Why nothing could be shown; null when the attack worked. */
  readonly why: string | null;
}

/** What came of a class. It passed when no `why` is left. */
export interface ClassOutcome {
  readonly attacks: readonly AttackOutcome[];
  readonly controls: readonly ControlOutcome[];
  /** What befell those that had no part in it. */
  readonly harm: readonly string[];
}

/** Makes every attack of a class inside the walls, then shows each control outside of them. */
export async function runClass(one: AttackClass, signal?: AbortSignal): Promise<ClassOutcome> {
  const isolates = "path" in (await findBubblewrap(process.env["PATH"]));
  const made = one.attacks.filter(({ isolated = false }) => isolates || !isolated);
  const attempts = made.flatMap((attack) => formsOf(attack).map((form): Attempt => ({ attack, form })));
  const attacks: AttackOutcome[] = [];
  const harm: string[] = [];
  for (const batch of inGroups(attempts, AT_ONCE)) {
    if (signal?.aborted === true) break;
    const outcome = await inScene((scene) => attackIn(scene, batch, one.neighbourAfter === true));
    attacks.push(...outcome.attacks);
    harm.push(...outcome.harm);
  }
  const controls: ControlOutcome[] = [];
  for (const group of inGroups(attempts.filter(hasControl), CONTROLS_AT_ONCE)) {
    if (signal?.aborted === true) break;
    controls.push(...(await Promise.all(group.map((attempt) => inScene((scene) => show(attempt, scene))))));
  }
  return { attacks, controls, harm };
}

function formsOf(attack: Attack): readonly Form[] {
  return FORMS.filter((form) => attack.guests[form] !== undefined);
}

function hasControl({ attack: { control }, form }: Attempt): boolean {
  return control !== undefined && (control.forms ?? FORMS).includes(form);
}

async function attackIn(scene: Scene, batch: readonly Attempt[], neighbourAfter: boolean): Promise<ClassOutcome> {
  const before = process.env[SECRET_VARIABLE];
  // The real thing: a secret in the environment of the very process that runs guests.
  process.env[SECRET_VARIABLE] = scene.secret;
  try {
    const { seen, harm } = await runBatch(batch, scene, neighbourAfter);
    const attacks = await Promise.all(
      batch.flatMap((attempt, at) => {
        const observed = seen[at];
        return observed === undefined ? [] : [judged(attempt, observed)];
      }),
    );
    return { attacks, controls: [], harm: [...harm, ...scene.effects()] };
  } finally {
    if (before === undefined) Reflect.deleteProperty(process.env, SECRET_VARIABLE);
    else process.env[SECRET_VARIABLE] = before;
  }
}

async function judged({ attack, form }: Attempt, seen: Observation): Promise<AttackOutcome> {
  return { attack: attack.name, form, code: seen.code, why: (await attack.judge(seen)) ?? common(seen) };
}

/** What holds for every attack. */
function common({ code, result, logs, scene: { secret } }: Observation): string | null {
  if (code !== null && !NAMED.test(code)) return `it ended in ${code}, which is no named error of a guest`;
  if (JSON.stringify([result, logs]).includes(secret)) return "it got hold of the secret";
  return null;
}

async function show({ attack, form }: Attempt, scene: Scene): Promise<ControlOutcome> {
  const { control, guests, declared } = attack;
  const named = { attack: attack.name, form };
  const source = guests[form]?.({ folder: scene.guestFolder(), scene });
  if (control === undefined || source === undefined) return { ...named, why: "it has no control" };
  if ("plainly" in control) {
    return { ...named, why: control.plainly(source, scene) ? null : "a plain host does not take it either" };
  }
  const config = { ...scene.config, ...declared?.config };
  const { patienceMs } = control;
  const seen = await runUnwalled(form, source, { scene, config, ...(patienceMs !== undefined && { patienceMs }) });
  return { ...named, why: control.shows(seen) ? null : `without the wall: ${described(seen)}` };
}

function described({ message, exit, initialized, effects, written }: Unwalled): string {
  if (!initialized || exit !== null) return `it ended: ${JSON.stringify(exit)}`;
  return `it said ${JSON.stringify(message)}, wrote ${written} bytes; ${effects.join(", ") || "nothing happened"}`;
}

async function inScene<T>(use: (scene: Scene) => Promise<T>): Promise<T> {
  await using scene = await Scene.open();
  return await use(scene);
}

function inGroups<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size));
}

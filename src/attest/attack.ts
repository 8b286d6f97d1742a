import type { IntegrationDeclarationInput } from "../declare/declaration.js";
import type { LogRecord } from "../protocol/messages.js";
import type { IntegrationResult } from "../runtime/types.js";
import type { Unwalled } from "./control/unwalled.js";
import type { Form } from "./guests/form.js";
import type { Scene } from "./scene.js";

/** Where a hostile guest is made. */
export interface GuestPlace {
  /** An empty folder for its own files. */
  readonly folder: string;
  readonly scene: Scene;
}

/** Makes a hostile guest; gives the source to be declared. */
export type MakeGuest = (place: GuestPlace) => string;

/** What came of an attack inside the walls. */
export interface Observation {
  /** Of the error that it ended in; null when it answered. */
  readonly code: string | null;
  /** Its verdict's message, or the error's. */
  readonly message: string;
  readonly result: IntegrationResult | null;
  readonly logs: readonly LogRecord[];
  /** What the neighbour saw attached to the same resource, as JSON; null when the attack never got an event. */
  readonly attached: string | null;
  /** The folder of the scene, and all that a host without walls would have shown. */
  readonly scene: Scene;
}

/** Says why an attack got through; null when the wall held. */
export type Judge = (seen: Observation) => string | null | Promise<string | null>;

/** One attack, in every form in which it makes sense. */
export interface Attack {
  readonly name: string;
  readonly guests: Partial<Readonly<Record<Form, MakeGuest>>>;
  /** Stands behind the type of the resource that it is asked about. */
  readonly typeSuffix?: string;
  /** Made only where programs can be isolated, and then its programs are. */
  readonly isolated?: boolean;
  /** What its declaration says; small limits make it quick. */
  readonly declared?: Partial<IntegrationDeclarationInput>;
  /** Whether it held, beyond what is looked at after every attack: the scene, the secret and the neighbour. */
  readonly judge: Judge;
  /** Shows that the attack works where the wall is not; for these forms, or for all that the attack has. */
  readonly control?: Control;
}

/** How it is shown that an attack works where its wall is not. */
export type Control = { readonly forms?: readonly Form[] } & (
  | {
      /** Whether it worked in a process without walls. */
      readonly shows: (seen: Unwalled) => boolean;
      /** How long an answer is waited for once it was initialized, in ms. */
      readonly patienceMs?: number;
    }
  | {
      /** Whether it works on a host that takes the declared source as it comes. */
      readonly plainly: (source: string, scene: Scene) => boolean;
    }
);

/** Attacks of one kind. */
export interface AttackClass {
  readonly name: string;
  /** What is tried, in a few words. */
  readonly tries: string;
  readonly attacks: readonly Attack[];
  /** What no wall stops; null when there is nothing of that kind. */
  readonly beyond?: string;
  /** The neighbour answers after the attacks, so that it sees what they attached. */
  readonly neighbourAfter?: boolean;
}

/** It answered, and got hold of nothing. */
export const harmless: Judge = ({ code, message }) =>
  code === null && message === "0" ? null : `it ended in ${code ?? "an answer"}: ${message}`;

/** It ended in an error with one of these codes. */
export function endsIn(...codes: readonly string[]): Judge {
  return ({ code, message }) =>
    code !== null && codes.includes(code)
      ? null
      : `${codes.join(" or ")} was due; it ended in ${code ?? `an answer: ${message}`}`;
}

/** It answered, and the answer is as described. */
export function answers(test: (seen: Observation) => string | null): Judge {
  return (seen) => (seen.code === null ? test(seen) : `an answer was due; it ended in ${seen.code}: ${seen.message}`);
}

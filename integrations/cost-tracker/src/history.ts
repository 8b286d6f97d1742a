import { isRecord } from "airlock-guest-sdk";
import type { Run } from "airlock-guest-sdk";

/** Ids are UUIDs; whatever a host makes of them, a history stays small. */
const LONGEST_ID = 64;
const LONGEST_WORD = 16;

/** What a resource cost when a run ended. */
export interface Entry {
  readonly run: string;
  readonly command: string;
  readonly monthly_cost: number;
  readonly currency: string;
}

export interface Cost {
  readonly monthly_cost: number;
  readonly currency: string;
}

function isCost(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value < Infinity;
}

/** The cost in what another integration attached; null where there is none. */
export function costIn(attached: unknown): Cost | null {
  if (!isRecord(attached)) return null;
  const { monthly_cost, currency = "USD" } = attached;
  if (!isCost(monthly_cost) || typeof currency !== "string") return null;
  return { monthly_cost, currency: currency.slice(0, LONGEST_WORD) };
}

/** The entries in what an earlier run stored, oldest first. People edit states: what is no entry is left out. */
export function historyIn(stored: unknown): readonly Entry[] {
  const entries: unknown = isRecord(stored) ? stored["history"] : undefined;
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry: unknown) => {
    const cost = costIn(entry);
    if (!isRecord(entry) || cost === null) return [];
    const { run, command } = entry;
    return typeof run === "string" && typeof command === "string" ? [entryOf({ id: run, command }, cost)] : [];
  });
}

function entryOf({ id, command }: Pick<Run, "id" | "command">, cost: Cost): Entry {
  return { run: id.slice(0, LONGEST_ID), command: command.slice(0, LONGEST_WORD), ...cost };
}

/** A history with one more run at its end, and at most `limit` of them. A run has one entry, with its last cost. */
export function withRun(history: readonly Entry[], run: Run, cost: Cost, limit: number): readonly Entry[] {
  const entry = entryOf(run, cost);
  return [...history.filter((one) => one.run !== entry.run), entry].slice(-limit);
}

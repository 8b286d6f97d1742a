import type { PlanValue } from "../tfplugin/plan-value.js";
import type { Block } from "../tfplugin/schema.js";

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

/** `{ constant_value }` for what is set and known, `{}` for what is known only later; undefined for what is not set. */
function expression(value: unknown, unknown: unknown): object | undefined {
  if (unknown === true) return {};
  return value === null || value === undefined ? undefined : { constant_value: value };
}

function nestedBlocks(value: unknown, unknown: unknown, block: Block): unknown {
  if (Array.isArray(value)) {
    const marks: unknown[] = Array.isArray(unknown) ? unknown : [];
    const parts: unknown[] = value;
    return parts.length === 0 ? undefined : parts.map((part, at) => expressionsOf(part, marks[at], block));
  }
  return value === null || value === undefined ? undefined : expressionsOf(value, unknown, block);
}

function expressionsOf(value: unknown, unknown: unknown, block: Block): object {
  const values = new Map(entriesOf(value));
  const marks = new Map(entriesOf(unknown));
  const attributes = [...block.attributes.keys()].map((name) => [name, expression(values.get(name), marks.get(name))]);
  const blocks = [...block.blocks].map(([name, nested]) => [
    name,
    nestedBlocks(values.get(name), marks.get(name), nested.block),
  ]);
  const set = [...attributes, ...blocks].filter(([, part]) => part !== undefined);
  return Object.fromEntries(set) as object;
}

/**
 * The configuration of a resource in the plan JSON's form. Core gives providers values and no expressions, so
 * everything known is a constant here, references included.
 */
export function configExpressions(
  { mode, type, block }: { readonly mode: "managed" | "data"; readonly type: string; readonly block: Block },
  name: string,
  config: PlanValue,
): object {
  return { mode, type, name, expressions: expressionsOf(config.value, config.unknown, block) };
}

import { collectMarked } from "../../sensitive/marks.js";
import type { SecretSet } from "../../sensitive/secret-set.js";
import { isNullValue, readPlanValue } from "../tfplugin/plan-value.js";
import type { Attribute, Block } from "../tfplugin/schema.js";
import { TfpluginError } from "../tfplugin/tfplugin-error.js";

const KNOWN = new WeakMap<Block, boolean>();

function isSecret({ sensitive, writeOnly, nested }: Attribute): boolean {
  return sensitive || writeOnly || (nested !== null && [...nested.attributes.values()].some(isSecret));
}

/** Whether a schema calls anything of its objects sensitive. Looked at once for each. */
function holdsSecrets(block: Block): boolean {
  const known = KNOWN.get(block);
  if (known !== undefined) return known;
  const found =
    [...block.attributes.values()].some(isSecret) || [...block.blocks.values()].some((one) => holdsSecrets(one.block));
  KNOWN.set(block, found);
  return found;
}

/**
 * Takes what a schema calls sensitive in a value, of whatever type and whoever listens to it: a copy of it can stand in
 * what others are told. A value that cannot be read gives none.
 */
export function learnSecrets(value: Uint8Array | null, block: Block, secrets: SecretSet): void {
  if (!holdsSecrets(block) || isNullValue(value)) return;
  try {
    const read = readPlanValue(value, block);
    collectMarked(read.value, read.sensitive, secrets);
  } catch (error) {
    // Core will refuse such a value; what is judged is read again, and not forgiven.
    if (!(error instanceof TfpluginError)) throw error;
  }
}

import { MIN_CONTAINED_LENGTH, secretForms } from "./secret-forms.js";

/** Base of the rolling hash; any odd number does. */
const HASH_BASE = 31;
/** What the outgoing character weighs in the hash of a window. */
const HASH_OUT = HASH_BASE ** (MIN_CONTAINED_LENGTH - 1);
const MIN_TABLE = 4096;
/** Places in the filter for each form, so that about one window in eight is looked up for nothing. */
const TABLE_PER_FORM = 8;

/** Where containment is looked up: a filter over the hash of the first characters, then those characters themselves. */
interface ContainmentIndex {
  readonly filter: Uint8Array;
  readonly byStart: ReadonlyMap<string, readonly string[]>;
}

function hashWindow(text: string, start: number): number {
  let hash = 0;
  for (let offset = 0; offset < MIN_CONTAINED_LENGTH; offset += 1) {
    hash = (Math.imul(hash, HASH_BASE) + text.charCodeAt(start + offset)) | 0;
  }
  return hash;
}

function buildIndex(forms: ReadonlySet<string>): ContainmentIndex {
  const size = 2 ** Math.ceil(Math.log2(Math.max(MIN_TABLE, forms.size * TABLE_PER_FORM)));
  const filter = new Uint8Array(size);
  const byStart = new Map<string, string[]>();
  for (const form of forms) {
    filter[hashWindow(form, 0) & (size - 1)] = 1;
    const start = form.slice(0, MIN_CONTAINED_LENGTH);
    const sameStart = byStart.get(start);
    if (sameStart === undefined) {
      byStart.set(start, [form]);
    } else {
      sameStart.push(form);
    }
  }
  return { filter, byStart };
}

/**
 * The secrets of one run. `matches` is linear in the length of the text, however many secrets there are,
 * and costs nothing while there are none.
 */
export class SecretSet {
  readonly #whole = new Set<string>();
  readonly #contained = new Set<string>();
  readonly #seen = new Set<string>();
  #index: ContainmentIndex | null = null;

  /** Whether there is anything to look for. */
  get isEmpty(): boolean {
    return this.#seen.size === 0;
  }

  /**
   * Takes every string and every number of at least six digits inside `value` as a secret. Booleans, short numbers
   * and keys are none: they would match by chance all over a plan.
   */
  add(value: unknown): void {
    const pending: unknown[] = [value];
    while (pending.length > 0) {
      const next = pending.pop();
      if (typeof next === "string") {
        this.#addText(next);
      } else if (typeof next === "number" && String(next).length >= MIN_CONTAINED_LENGTH) {
        this.#addText(String(next));
      } else if (typeof next === "object" && next !== null) {
        for (const part of Object.values(next) as unknown[]) {
          pending.push(part);
        }
      }
    }
  }

  /** Whether `text` is a secret, or holds one, or one of its encoded forms. */
  matches(text: string): boolean {
    if (this.isEmpty) {
      return false;
    }
    return this.#whole.has(text) || (text.length >= MIN_CONTAINED_LENGTH && this.#contains(text));
  }

  #addText(secret: string): void {
    if (secret === "" || this.#seen.has(secret)) {
      return;
    }
    this.#seen.add(secret);
    const forms = secretForms(secret);
    for (const form of forms.whole) {
      this.#whole.add(form);
    }
    for (const form of forms.contained) {
      this.#contained.add(form);
    }
    this.#index = null;
  }

  #contains(text: string): boolean {
    if (this.#contained.size === 0) {
      return false;
    }
    this.#index ??= buildIndex(this.#contained);
    const { filter, byStart } = this.#index;
    const mask = filter.length - 1;
    const last = text.length - MIN_CONTAINED_LENGTH;
    let hash = hashWindow(text, 0);
    for (let start = 0; ; start += 1) {
      if (filter[hash & mask] === 1) {
        const forms = byStart.get(text.slice(start, start + MIN_CONTAINED_LENGTH));
        if (forms?.some((form) => text.startsWith(form, start)) === true) {
          return true;
        }
      }
      if (start >= last) {
        return false;
      }
      const outgoing = Math.imul(text.charCodeAt(start), HASH_OUT);
      hash = (Math.imul(hash - outgoing, HASH_BASE) + text.charCodeAt(start + MIN_CONTAINED_LENGTH)) | 0;
    }
  }
}

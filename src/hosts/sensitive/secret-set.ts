import { MIN_CONTAINED_LENGTH, secretForms } from "./secret-forms.js";
import { Tokens } from "./tokens.js";

/** Base of the rolling hash; any odd number does. */
const HASH_BASE = 31;
/** What the outgoing character weighs in the hash of a window. */
const HASH_OUT = HASH_BASE ** (MIN_CONTAINED_LENGTH - 1);
const MIN_TABLE = 4096;
/** Places in the filter for each form, so that about one window in eight is looked up for nothing. */
const TABLE_PER_FORM = 8;

function hashWindow(text: string, start: number): number {
  let hash = 0;
  for (let offset = 0; offset < MIN_CONTAINED_LENGTH; offset += 1) {
    hash = (Math.imul(hash, HASH_BASE) + text.charCodeAt(start + offset)) | 0;
  }
  return hash;
}

/**
 * Where containment is looked up: a filter over the hash of the first characters, then those characters themselves. It
 * grows with each form: a run learns secrets all along and looks for them in between.
 */
class ContainmentIndex {
  #filter = new Uint8Array(MIN_TABLE);
  readonly #byStart = new Map<string, string[]>();
  #forms = 0;

  get isEmpty(): boolean {
    return this.#forms === 0;
  }

  add(form: string): void {
    const start = form.slice(0, MIN_CONTAINED_LENGTH);
    const same = this.#byStart.get(start);
    if (same === undefined) this.#byStart.set(start, [form]);
    else same.push(form);
    this.#forms += 1;
    if (this.#forms * TABLE_PER_FORM > this.#filter.length) this.#grow();
    else this.#mark(start);
  }

  /** Whether one of the forms is in a text, which has at least as many characters as the shortest of them may have. */
  isIn(text: string): boolean {
    const filter = this.#filter;
    const mask = filter.length - 1;
    const last = text.length - MIN_CONTAINED_LENGTH;
    let hash = hashWindow(text, 0);
    for (let start = 0; ; start += 1) {
      if (filter[hash & mask] === 1) {
        const forms = this.#byStart.get(text.slice(start, start + MIN_CONTAINED_LENGTH));
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

  #mark(start: string): void {
    this.#filter[hashWindow(start, 0) & (this.#filter.length - 1)] = 1;
  }

  #grow(): void {
    this.#filter = new Uint8Array(2 * this.#filter.length);
    for (const start of this.#byStart.keys()) this.#mark(start);
  }
}

/**
 * The secrets of one run, and the tokens that stand for them. `matches` is linear in the length of the text, however many secrets there are,
 * and costs nothing while there are none.
 */
export class SecretSet {
  readonly tokens = new Tokens();
  readonly #whole = new Set<string>();
  readonly #contained = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #index = new ContainmentIndex();
  #isFoundInside = true;

  /** Whether `isIn` of a text finds what `matches` would find in the texts and numbers that it is made of; at most it finds more. */
  get isFoundInside(): boolean {
    return this.#isFoundInside;
  }

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
    return this.#whole.has(text) || this.isIn(text);
  }

  /** Whether a text holds a secret of six characters or more, or one of its encoded forms. */
  isIn(text: string): boolean {
    return text.length >= MIN_CONTAINED_LENGTH && !this.#index.isEmpty && this.#index.isIn(text);
  }

  #addText(secret: string): void {
    if (secret === "" || this.#seen.has(secret)) {
      return;
    }
    this.#seen.add(secret);
    const forms = secretForms(secret);
    for (const form of forms.whole) {
      this.#whole.add(form);
      this.#isFoundInside &&= forms.contained.some((part) => form.includes(part));
    }
    for (const form of forms.contained) {
      if (this.#contained.has(form)) continue;
      this.#contained.add(form);
      this.#index.add(form);
    }
  }
}

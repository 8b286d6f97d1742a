import { AirlockError } from "../../../protocol/airlock-error.js";

/** Different faults that are told; a provider that is broken in every call is so in each in the same few ways. */
const MAX_TOLD = 100;

function textOf(error: unknown, where: string): string {
  const said = error instanceof Error ? error.message : String(error);
  const text = where === "" ? said : `${where}: ${said}`;
  if (!(error instanceof AirlockError)) return text;
  const { remedy, code } = error as AirlockError;
  return [text, remedy, `(${code})`].filter((line) => line !== undefined).join("\n");
}

/** Tells of faults that core was spared, or that it tells of without their reason: each once. */
export class Faults {
  readonly #note: (text: string) => void;
  readonly #told = new Set<string>();

  constructor(note: (text: string) => void) {
    this.#note = note;
  }

  /** `where` stands in front of what the error says, unless it is empty. */
  tell(error: unknown, where: string): void {
    const text = textOf(error, where);
    if (this.#told.has(text) || this.#told.size > MAX_TOLD) return;
    this.#told.add(text);
    this.#note(this.#told.size > MAX_TOLD ? "there are more faults, which are not shown" : text);
  }
}

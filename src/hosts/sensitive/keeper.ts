import type { AirlockEvent } from "../../protocol/events.js";
import { SENSITIVE_VALUE } from "../../protocol/sensitive.js";
import type { SecretKeeper } from "../../runtime/types.js";
import { reveal } from "./reveal.js";
import type { SecretSet } from "./secret-set.js";

/** Lets a runtime give what is granted, and keep back copies of secrets that integrations say. */
export function keeperOf(secrets: SecretSet): SecretKeeper {
  const finder = (strict: boolean) => (text: string) => (strict ? secrets.matches(text) : secrets.isIn(text));
  return {
    reveal: (params: AirlockEvent["params"], grants) => reveal(params, grants, secrets.tokens),
    hide: (text, strict) => hideWords(text, finder(strict)),
    holds: (value, strict) => holdsAny(value, finder(strict)),
  };
}

/** Whole words go: what stands around an encoded secret can hold a part of it. */
function hideWords(text: string, isSecret: (text: string) => boolean): string {
  if (text === "") return text;
  const words = text.split(/(\s+)/);
  const shown = words.map((word) => (isSecret(word) ? SENSITIVE_VALUE : word)).join("");
  // Secrets can have spaces in them.
  return isSecret(shown) ? SENSITIVE_VALUE : shown;
}

function holdsAny(value: unknown, isSecret: (text: string) => boolean): boolean {
  if (typeof value === "string") return isSecret(value);
  if (typeof value === "number") return isSecret(String(value));
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, part]) => isSecret(key) || holdsAny(part, isSecret));
}

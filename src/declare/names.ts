import { remedyForUnknown } from "../base/nearest.js";
import { quote } from "../base/quote.js";
import { ARGUMENT_NAMES } from "./arguments.js";
import { NAME_PATTERN } from "./declaration.js";
import type { FaultPlace } from "./source-text.js";

/** Throws `DECLARE_BAD_NAME` for what is no name of an integration. */
export function checkName(name: string, offset: number, place: FaultPlace): void {
  if (NAME_PATTERN.test(name)) return;
  throw place.error("DECLARE_BAD_NAME", offset, `${quote(name)} is no name for an integration`, {
    remedy: "A name has letters, digits, _ and -, starts with a letter or _, and is 64 long at most.",
  });
}

/** Throws `DECLARE_UNKNOWN_ARGUMENT`, and `DECLARE_DUPLICATE_ARGUMENT` for a name in `seen`; then it is in `seen`, too. */
export function checkArgumentName(name: string, offset: number, place: FaultPlace, seen: Set<string>): void {
  if (!ARGUMENT_NAMES.includes(name)) {
    const remedy = remedyForUnknown(name, ARGUMENT_NAMES);
    throw place.error("DECLARE_UNKNOWN_ARGUMENT", offset, `there is no argument ${quote(name)}`, { remedy });
  }
  if (seen.has(name)) {
    throw place.error("DECLARE_DUPLICATE_ARGUMENT", offset, `the argument ${quote(name)} is here twice`, {
      remedy: "Keep one of them.",
    });
  }
  seen.add(name);
}

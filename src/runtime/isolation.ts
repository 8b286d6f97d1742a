import { findBubblewrap, isolationText } from "../../runtimes/executable/bubblewrap.js";
import type { Bubblewrap, NoIsolation } from "../../runtimes/executable/bubblewrap.js";
import { GuestError } from "../../runtimes/guest-error.js";
import type { IntegrationDeclaration } from "../declare/declaration.js";

/** What isolates the executables of one run; looked for once, with the first of them. */
export class Isolation {
  readonly #searchPath: string | undefined;
  readonly #tell: (integration: string, isolation: string) => void;
  readonly #told = new Set<string>();
  #found: Promise<Bubblewrap | NoIsolation> | undefined;

  /** `tell` hears once for each integration what holds for it. */
  constructor(searchPath: string | undefined, tell: (integration: string, isolation: string) => void) {
    this.#searchPath = searchPath;
    this.#tell = tell;
  }

  /** For an executable as its declaration wants it. Rejects with `GuestError` GUEST_ISOLATION, before it is started. */
  async of({ name, isolation }: IntegrationDeclaration): Promise<Bubblewrap | undefined> {
    if (isolation === "none") return undefined;
    const found = await (this.#found ??= findBubblewrap(this.#searchPath));
    if (!("path" in found) && isolation === "required") {
      throw new GuestError("GUEST_ISOLATION", `its isolation is required, but ${found.reason}`, true, {
        integration: name,
        remedy: found.remedy,
      });
    }
    if (!this.#told.has(name)) this.#tell(name, isolationText(found));
    this.#told.add(name);
    return "path" in found ? found : undefined;
  }
}

import type { IntegrationDeclarationInput } from "../src/declare/declaration.js";
import { resolvePackage } from "../src/package/resolve.js";
import type { IntegrationPackage } from "../src/package/integration-package.js";
import { DEFAULT_LIMITS } from "../src/protocol/limits.js";
import { BenchError } from "./bench-error.js";
import { packageRoot } from "./package-root.js";
import { REQUIRED_TAGS } from "./resources.js";

/** The one policy that is measured, in one of the forms in which it can come. */
export interface Form {
  readonly name: string;
  /** Its package, below the package's own folder. */
  readonly source: string;
  /** The program that only this form needs, to be built or to run. */
  readonly needs: string | null;
}

/** The form that questions about one form only are asked of. */
export const JS_FORM: Form = { name: "js", source: "integrations/required-tags", needs: null };
/** The same policy as an Extism plug-in. */
export const PLUG_IN_FORM: Form = {
  name: "wasm plug-in",
  source: "integrations/required-tags-wasm-plugin",
  needs: null,
};

/** All forms, in the order of the tables. */
export const FORMS: readonly Form[] = [
  JS_FORM,
  PLUG_IN_FORM,
  { name: "wasm command", source: "integrations/required-tags-wasm-command", needs: null },
  { name: "wasm command (Go)", source: "integrations/required-tags-go/dist/required-tags.wasm", needs: "go" },
  { name: "executable (Go)", source: "integrations/required-tags-go/dist/required-tags", needs: "go" },
  { name: "executable (Node)", source: "integrations/required-tags-node", needs: null },
  { name: "executable (Python)", source: "integrations/required-tags-python", needs: "python3" },
];

/** What a declaration of the policy says, in every form. A script finds its interpreter by PATH. */
export function declarationOf({ source }: Form, name = "required_tags"): IntegrationDeclarationInput {
  const config = { required_tags: [...REQUIRED_TAGS] };
  return { name, source, directory: packageRoot(), config, grants: { env: ["PATH", "HOME"] } };
}

/** The policy declared `count` times, under different names. */
export function declarationsOf(form: Form, count: number): readonly IntegrationDeclarationInput[] {
  return Array.from({ length: count }, (_, index) => declarationOf(form, `required_tags_${index}`));
}

/** The form's package; or, where a toolchain is missing that only it needs, why there is none. Rejects with `BenchError` BENCH_NOT_BUILT. */
export async function findForm(form: Form): Promise<IntegrationPackage | string> {
  const { moduleBytes } = DEFAULT_LIMITS;
  try {
    return await resolvePackage({ name: "required_tags", source: form.source, directory: packageRoot(), moduleBytes });
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    if (form.needs !== null) return `not built on this machine, it needs ${form.needs} (${text})`;
    throw new BenchError("BENCH_NOT_BUILT", `${form.name}: ${text}`, { remedy: "Run `npm run build`.", cause });
  }
}

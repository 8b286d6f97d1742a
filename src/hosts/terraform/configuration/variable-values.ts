import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { DeclareError } from "../../../declare/declare-error.js";
import { readBytes } from "../../../declare/files.js";
import { withSyntaxTree } from "../../../declare/hcl-parser.js";
import { parseJson } from "../../../declare/json-text.js";
import { toValue } from "../../../declare/literal.js";
import type { JsonValue, Literal } from "../../../declare/literal.js";
import { SourceText } from "../../../declare/source-text.js";
import { hclFile } from "./hcl-syntax.js";
import { MAX_JSON_CONFIGURATION_VALUES } from "./limits.js";
import { literalOrNone } from "./literal-text.js";
import type { StaticConfiguration } from "./types.js";

/** What a command line says of variables. */
export interface VariableArguments {
  /** The values of `-var`: `name=value`. */
  readonly vars: readonly string[];
  /** The values of `-var-file`, as absolute paths. */
  readonly varFiles: readonly string[];
}

/** The environment variables that give values start so. */
const ENVIRONMENT_PREFIX = "TF_VAR_";
const EVERYTHING = { keeps: () => true, maxValues: MAX_JSON_CONFIGURATION_VALUES };

/**
 * The values that the root module's sensitive variables can have in a run, as far as they can be known before it: from
 * defaults, `terraform.tfvars` and `*.auto.tfvars` (and `.json`) in the root folder, `-var-file`, `-var` and `TF_VAR_…`.
 * Which of several core will take is not decided: all are secrets. A text that core may take as it is or as an
 * expression gives both. A file that cannot be read, or is none, is core's to tell; it gives what can be made out.
 */
export async function sensitiveVariableValues(
  root: string,
  configuration: Pick<StaticConfiguration, "sensitiveVariables">,
  { vars, varFiles }: VariableArguments,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ReadonlySet<JsonValue>> {
  const ofRoot = configuration.sensitiveVariables.filter(({ modulePath }) => modulePath.length === 0);
  const wanted = new Set(ofRoot.map(({ name }) => name));
  const values = new Set<JsonValue>();
  const add = (value: JsonValue | undefined) => {
    if (value !== undefined && value !== null) values.add(value);
  };
  for (const { defaultValue } of ofRoot) add(defaultValue);
  if (wanted.size === 0) return values;
  for (const path of [...(await automaticFiles(root)), ...varFiles]) {
    for (const [name, value] of await variablesIn(path)) if (wanted.has(name)) add(value);
  }
  for (const [name, text] of [...vars.map(assignment), ...fromEnvironment(environment)]) {
    if (!wanted.has(name)) continue;
    add(text);
    add(await expressionValue(text));
  }
  return values;
}

/** The files that core reads by itself (OpenTofu `internal/command/meta_vars.go`). */
async function automaticFiles(root: string): Promise<string[]> {
  let names: string[];
  try {
    names = await readdir(root);
  } catch {
    // Without the folder there are no files; core tells of it.
    return [];
  }
  const isAutomatic = (name: string) => /^terraform\.tfvars(?:\.json)?$|\.auto\.tfvars(?:\.json)?$/.test(name);
  return names.filter(isAutomatic).map((name) => join(root, name));
}

function assignment(argument: string): readonly [string, string] {
  const at = argument.indexOf("=");
  return at === -1 ? ["", ""] : [argument.slice(0, at).trim(), argument.slice(at + 1)];
}

function fromEnvironment(environment: Readonly<Record<string, string | undefined>>): (readonly [string, string])[] {
  return Object.entries(environment).flatMap(([name, text]) =>
    name.startsWith(ENVIRONMENT_PREFIX) && text !== undefined ? [[name.slice(ENVIRONMENT_PREFIX.length), text]] : [],
  );
}

/** The literals that a file of variable values gives. */
async function variablesIn(path: string): Promise<(readonly [string, JsonValue])[]> {
  const text = await orNothing(async () => new TextDecoder().decode(await readBytes(path)));
  if (text === undefined) return [];
  const source = new SourceText(path, text);
  // As core does for a file whose name tells nothing, such as that of a pipe.
  const isJson = path.endsWith(".json") || (!path.endsWith(".tfvars") && text.trimStart().startsWith("{"));
  return (await orNothing(() => (isJson ? Promise.resolve(jsonVariables(source)) : hclVariables(source)))) ?? [];
}

/** Nothing is a template here: core evaluates these files without a scope. */
function jsonVariables(source: SourceText): (readonly [string, JsonValue])[] {
  const document: Literal = parseJson(source, EVERYTHING);
  const entries = document.kind === "object" ? document.entries : [];
  return entries.flatMap(({ key, value }) =>
    known(
      key,
      literalOrNone(() => toValue(value, source)),
    ),
  );
}

function hclVariables(source: SourceText): Promise<(readonly [string, JsonValue])[]> {
  return withSyntaxTree(source, (root) =>
    hclFile(root, source)
      .attributes()
      .flatMap(([name, expression]) => known(name, expression.value())),
  );
}

function known(name: string, value: JsonValue | undefined): (readonly [string, JsonValue])[] {
  return value === undefined ? [] : [[name, value]];
}

/** What the text means as an expression; undefined when that is no literal. */
async function expressionValue(text: string): Promise<JsonValue | undefined> {
  const source = new SourceText("", `x = ${text}\n`);
  return (await orNothing(() => hclVariables(source)))?.[0]?.[1];
}

async function orNothing<T>(step: () => Promise<T>): Promise<T | undefined> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof DeclareError) return undefined;
    throw error;
  }
}

/** The parts of a resource instance's address. */
export interface AddressParts {
  /** The module's address; null for the root module. */
  readonly module: string | null;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  /** The key of `count` or `for_each`; null without either. */
  readonly index: string | number | null;
}

/** One step of an address: a name, then perhaps an instance key: a number, or a quoted string with escapes. */
const STEP = /([^.[\]"]+)(\[(?:\d+|"(?:[^"\\]|\\.)*")\])?(?:\.|$)/y;

interface Step {
  readonly name: string;
  readonly key: string | number | null;
  /** Where the step ends, without the dot. */
  readonly end: number;
}

/** Core writes keys as HCL strings: JSON's escapes, and doubled `$` or `%` in front of a brace. */
function keyOf(text: string | undefined): string | number | null {
  if (text === undefined) return null;
  const inner = text.slice(1, -1);
  if (!inner.startsWith('"')) return Number(inner);
  try {
    const parsed: unknown = JSON.parse(
      inner.replaceAll(/\\U([0-9A-Fa-f]{8})/g, (_all, hex: string) => surrogates(hex)),
    );
    return typeof parsed === "string" ? parsed.replaceAll("$${", "${").replaceAll("%%{", "%{") : inner;
  } catch {
    return inner;
  }
}

function surrogates(hex: string): string {
  const point = Number.parseInt(hex, 16);
  return point <= 0x10ffff ? JSON.stringify(String.fromCodePoint(point)).slice(1, -1) : "";
}

function stepsOf(address: string): Step[] | null {
  const steps: Step[] = [];
  let at = 0;
  while (at < address.length) {
    STEP.lastIndex = at;
    const [all, name, key] = STEP.exec(address) ?? [];
    if (all === undefined || name === undefined) return null;
    at = STEP.lastIndex;
    steps.push({ name, key: keyOf(key), end: at - (all.endsWith(".") ? 1 : 0) });
  }
  return steps;
}

/**
 * The parts of an address as core writes it (https://developer.hashicorp.com/terraform/cli/state/resource-addressing),
 * e.g. `module.site["blue"].data.local_file.page[0]`. null for what is none.
 */
export function parseAddress(address: string): AddressParts | null {
  const steps = stepsOf(address);
  if (steps === null) return null;
  let at = 0;
  while (steps[at]?.name === "module" && steps.length - at > 2) at += 2;
  const module = at === 0 ? null : address.slice(0, steps[at - 1]?.end ?? 0);
  const isData = steps[at]?.name === "data" && steps.length - at === 3;
  const [type, name, ...more] = steps.slice(isData ? at + 1 : at);
  if (type === undefined || name === undefined || more.length > 0) return null;
  return { module, mode: isData ? "data" : "managed", type: type.name, name: name.name, index: name.key };
}

/** An instance key as core writes it behind an address: `[0]`, `["a"]`; nothing for null. */
export function instanceKey(key: string | number | null): string {
  if (key === null) return "";
  if (typeof key === "number") return `[${key}]`;
  return `[${JSON.stringify(key).replaceAll("${", "$${").replaceAll("%{", "%%{")}]`;
}

/** The address of an instance from its parts. */
export function formatAddress({ module, mode, type, name, index }: AddressParts): string {
  const resource = `${mode === "data" ? "data." : ""}${type}.${name}${instanceKey(index)}`;
  return module === null ? resource : `${module}.${resource}`;
}

/** An address without any instance key: that of the block in the configuration. */
export function withoutKeys(address: string): string {
  return address.replaceAll(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g, "");
}

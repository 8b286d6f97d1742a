import pc from "picocolors";
import * as v from "valibot";
import { safeLine } from "../base/neutralise.js";
import { toJsonText } from "./json.js";
import { toTable } from "./table.js";

/** Rises in its second part when keys are added, in its first when they change or go. */
export const ATTEST_FORMAT_VERSION = "1.0";

const verdict = v.picklist(["pass", "fail"]);
const attack = v.pipe(v.string(), v.description("its name within the class"));
const form = v.picklist(["js", "plug-in", "command", "executable"]);
const why = v.pipe(v.nullable(v.string()), v.description("what went wrong; null when nothing did"));

const ClassSchema = v.object({
  name: v.string(),
  tries: v.pipe(v.string(), v.description("what is tried, in a few words")),
  verdict: v.pipe(verdict, v.description("pass: every wall held, and every control showed what it should")),
  attacks: v.pipe(
    v.array(
      v.object({
        attack,
        form,
        ended: v.pipe(
          v.nullable(v.string()),
          v.description("code of the error that it ended in; null: it was answered, without harm"),
        ),
        why,
      }),
    ),
    v.description("inside the walls"),
  ),
  controls: v.pipe(
    v.array(v.object({ attack, form, why })),
    v.description("the same guests where no wall is: there the attack works"),
  ),
  harm: v.pipe(v.array(v.string()), v.description("what befell the host, the machine or another integration")),
  beyond: v.pipe(v.nullable(v.string()), v.description("what no wall stops here")),
});

/** The contract of `airlock attest --format json`; docs/schemas holds it as JSON Schema. */
export const AttestReportSchema = v.pipe(
  v.object({
    format_version: v.literal(ATTEST_FORMAT_VERSION),
    verdict,
    version: v.pipe(v.string(), v.description("of Airlock")),
    node: v.string(),
    platform: v.string(),
    classes: v.array(ClassSchema),
    duration_ms: v.pipe(v.number(), v.integer(), v.minValue(0)),
  }),
  v.title("Report of airlock attest"),
);

export type AttestReport = v.InferOutput<typeof AttestReportSchema>;
export type AttestClassReport = AttestReport["classes"][number];

/** The report as JSON text. */
export function renderAttestJson(report: AttestReport): string {
  return toJsonText(report);
}

/** The report as a table: a line for each class, lines for what went wrong, and one with the sum. */
export function renderAttestText(
  report: AttestReport,
  options: { readonly color: boolean; readonly columns: number | null },
): string {
  const colors = pc.createColors(options.color);
  const rows = report.classes.map(({ name, verdict: said, attacks, controls, tries }) => [
    said,
    name,
    String(attacks.length),
    String(controls.length),
    tries,
  ]);
  const sum = (key: "attacks" | "controls"): number =>
    report.classes.reduce((total, one) => total + one[key].length, 0);
  const paint = report.verdict === "pass" ? colors.green : colors.red;
  const seconds = (report.duration_ms / 1000).toFixed(1);
  const wrong = report.classes.flatMap(wrongLines);
  return [
    toTable(["RESULT", "CLASS", "ATTACKS", "CONTROLS", "WHAT IS TRIED"], rows, options),
    ...(wrong.length === 0 ? [] : ["\n", ...wrong.map((line) => `${line}\n`)]),
    `\n${colors.bold(paint(report.verdict.toUpperCase()))}  ${report.classes.length} classes, ${sum("attacks")} attacks, ${sum("controls")} controls in ${seconds} s\n`,
  ].join("");
}

/** A line for everything that went wrong in a class. */
function wrongLines({ name, attacks, controls, harm }: AttestClassReport): string[] {
  const line = (what: string, because: string): string => `${name}: ${safeLine(what, 200)}: ${safeLine(because, 500)}`;
  return [
    ...attacks.flatMap((one) => (one.why === null ? [] : [line(`"${one.attack}" (${one.form}) got through`, one.why)])),
    ...controls.flatMap((one) =>
      one.why === null ? [] : [line(`the control of "${one.attack}" (${one.form}) shows nothing`, one.why)],
    ),
    ...harm.map((one) => line("harm was done", one)),
  ];
}

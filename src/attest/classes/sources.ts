import { mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { endsIn } from "../attack.js";
import type { Attack, AttackClass, GuestPlace, Judge } from "../attack.js";
import { everyPackage, manifest } from "../guests/packages.js";
import type { Form } from "../guests/form.js";

type Make = (form: Form, place: GuestPlace) => void;

const writeManifest = (form: Form, { folder }: GuestPlace, changed: Readonly<Record<string, unknown>>): void => {
  writeFileSync(join(folder, "integration.json"), manifest(form, changed));
};

/** Whether a host that simply joins the names reads the secret. */
const reads = (name: string): Attack["control"] => ({
  plainly: (source, { secret }) => readFileSync(join(source, name), "utf8") === secret,
});

function inFolder(name: string, make: Make, judge: Judge, control?: Attack["control"]): Attack {
  return { name, guests: everyPackage(make), judge, ...(control !== undefined && { control }) };
}

const outside = endsIn("PACKAGE_ENTRY_OUTSIDE");
const missing = endsIn("PACKAGE_ENTRY_MISSING");
const FORMS_OF_LINK = { js: "guest.mjs", "plug-in": "guest.wasm", command: "guest.wasm" } as const;

/** A bare source that is a link. */
function link(name: string, target: (place: GuestPlace) => string, judge: Judge): Attack {
  const make = (form: keyof typeof FORMS_OF_LINK) => (place: GuestPlace) => {
    symlinkSync(target(place), join(place.folder, FORMS_OF_LINK[form]));
    return join(place.folder, FORMS_OF_LINK[form]);
  };
  return { name, guests: { js: make("js"), "plug-in": make("plug-in"), command: make("command") }, judge };
}

/** Tries to have its host read what is not in the package. */
export const SOURCES: AttackClass = {
  name: "sources",
  tries: "entries that lead out of their package by links, `..`, devices, absolute paths and tricks of case",
  attacks: [
    inFolder(
      "an entry with ..",
      (form, place) => {
        writeManifest(form, place, { entry: "../scene/secret.txt" });
      },
      outside,
      reads("../scene/secret.txt"),
    ),
    inFolder(
      "an absolute entry",
      (form, place) => {
        writeManifest(form, place, { entry: place.scene.secretFile });
      },
      outside,
    ),
    inFolder(
      "an entry with backslashes",
      (form, place) => {
        writeManifest(form, place, { entry: "..\\scene\\secret.txt" });
      },
      outside,
    ),
    inFolder(
      "an entry that is a link",
      (form, place) => {
        symlinkSync(place.scene.secretFile, join(place.folder, "linked"));
        writeManifest(form, place, { entry: "linked" });
      },
      outside,
      reads("linked"),
    ),
    inFolder(
      "an entry in a folder that is a link",
      (form, place) => {
        symlinkSync(place.scene.folder, join(place.folder, "inner"));
        writeManifest(form, place, { entry: "inner/secret.txt" });
      },
      outside,
      reads("inner/secret.txt"),
    ),
    inFolder(
      "a link to itself",
      (form, place) => {
        symlinkSync("linked", join(place.folder, "linked"));
        writeManifest(form, place, { entry: "linked" });
      },
      endsIn("PACKAGE_UNREADABLE", "PACKAGE_ENTRY_MISSING"),
    ),
    inFolder(
      "an entry that is a device",
      (form, place) => {
        symlinkSync("/dev/zero", join(place.folder, "linked"));
        writeManifest(form, place, { entry: "linked" });
      },
      outside,
    ),
    inFolder(
      "an entry that is a folder",
      (form, place) => {
        mkdirSync(join(place.folder, "inner"));
        writeManifest(form, place, { entry: "inner" });
      },
      missing,
    ),
    inFolder(
      "an entry with a NUL in it",
      (form, place) => {
        writeManifest(form, place, { entry: "guest.mjs\u0000.wasm" });
      },
      endsIn("PACKAGE_UNREADABLE", "PACKAGE_ENTRY_MISSING", "PACKAGE_MANIFEST_INVALID"),
    ),
    inFolder(
      "an entry in another case",
      (form, place) => {
        writeManifest(form, place, { entry: "GUEST.Mjs" });
      },
      missing,
    ),
    inFolder(
      "a manifest in another case",
      (form, place) => {
        writeManifest(form, place, {});
        renameSync(join(place.folder, "integration.json"), join(place.folder, "Integration.JSON"));
        // On a disk that keeps no case apart it would be found; then it must be refused for what it says.
        writeFileSync(join(place.folder, "Integration.JSON"), "{}");
      },
      endsIn("PACKAGE_ENTRY_MISSING", "PACKAGE_MANIFEST_INVALID"),
    ),
    inFolder(
      "a manifest that is a link to the secret",
      (_form, place) => {
        symlinkSync(place.scene.secretFile, join(place.folder, "integration.json"));
      },
      endsIn("PACKAGE_MANIFEST_INVALID", "PACKAGE_UNREADABLE"),
      reads("integration.json"),
    ),
    inFolder(
      "a manifest that is a device",
      (_form, place) => {
        symlinkSync("/dev/zero", join(place.folder, "integration.json"));
      },
      endsIn("PACKAGE_UNREADABLE"),
    ),
    link("a file that is a link to a device", () => "/dev/zero", endsIn("PACKAGE_UNREADABLE")),
    link("a file that is a link to the secret", ({ scene }) => scene.secretFile, endsIn("PACKAGE_KIND_UNKNOWN")),
  ],
};

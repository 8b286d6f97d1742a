import { chmodSync, closeSync, ftruncateSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { GuestPlace, MakeGuest } from "../attack.js";
import type { Form } from "./form.js";
import { moduleSource, programSource } from "./script.js";
import { wasmGuest } from "./wasm-guest.js";

/** How a package of this form is written in its manifest. */
const KIND = { js: "js", "plug-in": "wasm", command: "wasm", executable: "executable" } as const;
const ENTRY = { js: "guest.mjs", "plug-in": "guest.wasm", command: "guest.wasm", executable: "guest" } as const;

/** Writes an honest guest into the folder; gives its name there. */
export function honestEntry(form: Form, folder: string): string {
  const name = ENTRY[form];
  const path = join(folder, name);
  if (form === "js") writeFileSync(path, moduleSource({}));
  else if (form === "executable") {
    writeFileSync(path, `#!${process.execPath}\n${programSource({})}`);
    chmodSync(path, 0o755);
  } else
    writeFileSync(
      path,
      wasmGuest(form, () => ({})),
    );
  return name;
}

/** A manifest of this form. */
export function manifest(form: Form, changed: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ name: "attack", version: "1.0.0", kind: KIND[form], entry: ENTRY[form], ...changed });
}

/** A folder with an honest guest, and whatever `make` makes of it; its source is the folder. */
export function packageOf(form: Form, make: (place: GuestPlace) => void): MakeGuest {
  return (place) => {
    honestEntry(form, place.folder);
    make(place);
    return place.folder;
  };
}

/** The same for every form. */
export function everyPackage(make: (form: Form, place: GuestPlace) => void): Readonly<Record<Form, MakeGuest>> {
  const of = (form: Form): MakeGuest =>
    packageOf(form, (place) => {
      make(form, place);
    });
  return { js: of("js"), "plug-in": of("plug-in"), command: of("command"), executable: of("executable") };
}

/** A file of this size that takes no room on the disk. */
export function sparseFile(path: string, size: number): void {
  const file = openSync(path, "w");
  ftruncateSync(file, size);
  closeSync(file);
}

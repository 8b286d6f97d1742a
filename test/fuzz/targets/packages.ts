import { deepStrictEqual } from "node:assert/strict";
import { gzipSync } from "fflate";
import { readArchive } from "../../../src/package/archive/read.js";
import { writeTar } from "../../../src/package/archive/write-tar.js";
import { PACKAGE_ERROR_CODES, PackageError } from "../../../src/package/package-error.js";
import { parsePackageBundle } from "../../../src/package/signature/parse-bundle.js";
import { SIGNATURE_ERROR_CODES, SignatureError } from "../../../src/package/signature/signature-error.js";
import { orNamed, orNamedLater } from "../expected-error.js";
import { mutated } from "../mutated.js";
import { fuzzTarget } from "../target.js";
import { archiveOf, file, packageFiles } from "../../package/archive/archives.js";
import { KEYS, signedBy, SUBJECT, trusting } from "../../package/signature/signing.js";
import { verifyPackage } from "../../../src/package/signature/verify-package.js";

const FILES = packageFiles({}, file("a/b.txt", "text"), file(`${"long/".repeat(24)}name`, "x"));
const PACKAGE = { type: PackageError, codes: PACKAGE_ERROR_CODES };

/** Mutations of the archive's own bytes mostly end at its checksum; those of what is in it come behind it. */
export const archiveBytes = fuzzTarget({
  name: "archive-bytes",
  rule: "any bytes of an archive are refused with a PackageError, or are an archive that packing gives again",
  testRuns: 200,
  inputs: mutated([archiveOf(FILES)]),
  kept: [],
  holds: (bytes) => {
    orNamed(PACKAGE, () => readArchive(bytes));
  },
});

export const archiveEntries = fuzzTarget({
  name: "archive-entries",
  rule: "any tar inside an archive is refused with a PackageError, or is byte for byte what its files are packed to",
  testRuns: 200,
  inputs: mutated([Buffer.from(writeTar(FILES))]),
  kept: [],
  holds: (tar) => {
    const read = orNamed(PACKAGE, () => readArchive(gzipSync(tar, { level: 6, mtime: 0 })));
    if (read !== null) deepStrictEqual(Buffer.from(writeTar(read.files)), Buffer.from(tar));
  },
});

const BUNDLE = await signedBy(KEYS.one);

export const bundles = fuzzTarget({
  name: "bundles",
  rule: "any bytes of a bundle are refused with a SignatureError, or are the signed bundle itself",
  testRuns: 100,
  inputs: mutated([BUNDLE]),
  kept: [],
  holds: async (bytes) => {
    const named = { type: SignatureError, codes: SIGNATURE_ERROR_CODES };
    const policy = trusting([KEYS.one]);
    const verified = await orNamedLater(named, () => verifyPackage({ bundles: [bytes], subject: SUBJECT, policy }));
    if (verified !== null) deepStrictEqual(parsePackageBundle(bytes), parsePackageBundle(BUNDLE));
  },
});

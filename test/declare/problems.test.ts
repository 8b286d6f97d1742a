import { expect, test } from "vitest";
import { DeclareError } from "../../src/declare/declare-error.js";
import { MAX_REPORTED_ERRORS, Problems } from "../../src/declare/problems.js";

function failing(message: string): () => unknown {
  return () => {
    throw new DeclareError("DECLARE_BAD_VALUE", message);
  };
}

test("nothing is thrown without an error", () => {
  const problems = new Problems();
  expect(problems.attempt(() => 1)).toBe(1);
  problems.throwIfAny();
});

test("one error is thrown as it is", () => {
  const problems = new Problems();
  const error = new DeclareError("DECLARE_CYCLE", "one");
  problems.add(error);
  expect(() => {
    problems.throwIfAny();
  }).toThrow(error);
});

test("several are thrown as the first, which keeps all that it carries", async () => {
  const problems = new Problems();
  const location = { file: "f", line: 1, column: 2 };
  const cause = new Error("cause");
  problems.add(new DeclareError("DECLARE_CYCLE", "one", { remedy: "r", integration: "i", location, cause }));
  expect(problems.attempt(failing("two"))).toBeUndefined();
  expect(
    await problems.attemptAsync(() => Promise.reject<unknown>(new DeclareError("DECLARE_SYNTAX", "three"))),
  ).toBeUndefined();
  const thrown = await Promise.resolve(problems)
    .then((collected) => {
      collected.throwIfAny();
      return undefined;
    })
    .catch((error: unknown) => error);
  expect(thrown).toMatchObject({
    code: "DECLARE_CYCLE",
    message: "one",
    remedy: "r",
    integration: "i",
    location,
    cause,
    others: [{ code: "DECLARE_BAD_VALUE" }, { code: "DECLARE_SYNTAX" }],
  });
});

test("an exception that is no DeclareError goes on", async () => {
  const problems = new Problems();
  const step = (): unknown => {
    throw new RangeError("of ours");
  };
  expect(() => problems.attempt(step)).toThrow(RangeError);
  await expect(problems.attemptAsync(() => Promise.reject(new RangeError("of ours")))).rejects.toThrow(RangeError);
});

test("the last of the most is kept, the next is not", () => {
  const problems = new Problems();
  for (let count = 0; count < MAX_REPORTED_ERRORS + 1; count += 1) problems.attempt(failing(`number ${count}`));
  try {
    problems.throwIfAny();
  } catch (error) {
    if (!(error instanceof DeclareError)) throw error;
    expect(error.others.at(-1)?.message).toBe(`number ${MAX_REPORTED_ERRORS - 1}`);
  }
  expect.assertions(1);
});

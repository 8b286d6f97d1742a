import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CoreArguments } from "../../../../src/hosts/terraform/core/core-arguments.js";
import { thrownCode } from "../../../support/codes.js";

const parse = (line: string, env: Record<string, string> = {}): CoreArguments =>
  CoreArguments.parse(
    line.split(" ").filter((word) => word !== ""),
    env,
  );

describe("the subcommand", () => {
  it.each([
    ["plan", "plan"],
    ["", ""],
    ["-version", ""],
    ["-chdir=x plan -out=y", "plan"],
    ["state list a.b", "state list"],
    ["state", "state"],
    ["state nothing", "state"],
    ["workspace select -or-create x", "workspace select"],
    ["providers -x lock", "providers"],
    ["providers lock -platform=x", "providers lock"],
    ["force-unlock 1", "force-unlock"],
    ["-- plan", ""],
  ])("of %j is %j", (line, command) => {
    expect(parse(line).command).toBe(command);
  });

  it("keeps what follows it", () => {
    expect(parse("state list a.b").positional).toEqual(["a.b"]);
    expect(parse("workspace new x").positional).toEqual(["x"]);
    expect(parse("state nothing").positional).toEqual(["nothing"]);
  });
});

describe("-chdir", () => {
  it("counts in front of the subcommand, the last one", () => {
    expect(parse("-chdir=a plan").chdir).toBe("a");
    expect(parse("-chdir=a -chdir=b plan")).toMatchObject({ chdir: "b", command: "plan" });
    expect(parse("plan -chdir=a").chdir).toBeUndefined();
    expect(parse("plan -chdir=a").unknown).toEqual(["chdir"]);
  });

  it.each(["-chdir plan", "-chdir= plan", "-chdir=a -chdir plan"])("%j is left for core to refuse", (line) => {
    const args = parse(line);
    expect(args.chdir).toBeUndefined();
    expect(args.toArgv()).toEqual(line.split(" "));
  });

  it("can be changed", () => {
    expect(parse("-chdir=a plan -no-color").withChdir("/b").toArgv()).toEqual(["-chdir=/b", "plan", "-no-color"]);
    expect(parse("-chdir=a plan").withChdir(undefined).toArgv()).toEqual(["plan"]);
  });
});

describe("help and version", () => {
  it.each(["-help", "plan -h", "plan --help -out=x", "-help plan", "state list -help"])("%j asks for help", (line) => {
    expect(parse(line).isHelp).toBe(true);
  });
  it.each(["plan", "plan -- -help", "help"])("%j does not", (line) => {
    expect(parse(line).isHelp).toBe(false);
  });
  it.each(["version", "-version", "--version", "-v", "plan -version", "plan -- -v"])(
    "%j asks for the version",
    (line) => {
      expect(parse(line).isVersion).toBe(true);
    },
  );
});

describe("a flag", () => {
  it.each(["-out=x", "--out=x", "-out x", "--out x", "-out=y -out x", "-no-color -out x", "-out -no-color x"])(
    "with a value is read from %j",
    (flags) => {
      const args = parse(`plan ${flags}`);
      expect(args.flag("out")).toBe("x");
      expect(args.has("out")).toBe(true);
      expect(args.positional).toEqual([]);
    },
  );

  it("keeps its value as it is", () => {
    expect(parse("plan -var=a=b=c -var d= -var e").flags("var")).toEqual(["a=b=c", "d=", "e"]);
    expect(parse("plan -out=").flag("out")).toBe("");
    expect(parse("plan -out -x").flag("out")).toBe("-x");
    expect(parse("plan -out").flag("out")).toBeUndefined();
    expect(parse("plan").flag("out")).toBeUndefined();
  });

  it.each([
    ["-json", true],
    ["--json", true],
    ["-json=true", true],
    ["-json=1", true],
    ["-json=T", true],
    ["-json=false", false],
    ["-json=0", false],
    ["-json -json=false", false],
    ["-json=false -json", true],
    ["-json=perhaps", false],
    ["", false],
  ])("that is a switch is read from %j", (flags, on) => {
    expect(parse(`plan ${flags}`).bool("json")).toBe(on);
  });

  it("has a default of its own when it is a switch that is on", () => {
    expect(parse("plan").bool("input", true)).toBe(true);
    expect(parse("plan -input=false").bool("input", true)).toBe(false);
  });

  it("takes no argument when it is a switch", () => {
    expect(parse("apply -auto-approve plan.out").positional).toEqual(["plan.out"]);
    expect(parse("apply -json false").positional).toEqual(["false"]);
  });

  it("means in show what show makes of it", () => {
    expect(parse("show -state x").positional).toEqual(["x"]);
    expect(parse("plan -state x").flag("state")).toBe("x");
  });

  it("ends with the first argument that is none, and with --", () => {
    expect(parse("apply plan.out -json").bool("json")).toBe(false);
    expect(parse("apply plan.out -json").positional).toEqual(["plan.out", "-json"]);
    expect(parse("apply -- -json").positional).toEqual(["-json"]);
    expect(parse("apply - -json").positional).toEqual(["-", "-json"]);
  });

  it("of the view counts wherever it stands, in its one spelling", () => {
    expect(parse("apply plan.out -no-color").bool("no-color")).toBe(true);
    expect(parse("apply plan.out -no-color").positional).toEqual(["plan.out"]);
    expect(parse("plan --no-color").unknown).toEqual(["no-color"]);
    expect(parse("plan -compact-warnings -concise -consolidate-errors=false").unknown).toEqual([]);
  });

  it("that core does not know is named", () => {
    expect(parse("plan -nothing -out=x -=y ---z").unknown).toEqual(["nothing", "=y", "-z"]);
    expect(parse("plan -out=x -json -target a.b -no-color").unknown).toEqual([]);
  });
});

describe("variables of the environment", () => {
  it("count as written right behind the subcommand, its own in front of those for all", () => {
    const env = { TF_CLI_ARGS: "-parallelism=1 -no-color", TF_CLI_ARGS_plan: "-parallelism=2 -out='a b'" };
    const args = parse("-chdir=x plan -json", env);
    expect(args.toArgv()).toEqual([
      "-chdir=x",
      "plan",
      "-parallelism=2",
      "-out=a b",
      "-parallelism=1",
      "-no-color",
      "-json",
    ]);
    expect(args.flag("parallelism")).toBe("1");
    expect(args.flag("out")).toBe("a b");
  });

  it("are those of the subcommand alone", () => {
    expect(parse("apply", { TF_CLI_ARGS_plan: "-json" }).bool("json")).toBe(false);
    expect(parse("state list", { TF_CLI_ARGS_state_list: "-id=x", TF_CLI_ARGS_state: "-no" }).toArgv()).toEqual([
      "state",
      "list",
      "-id=x",
    ]);
    expect(parse("force-unlock", { TF_CLI_ARGS_force_unlock: "-force" }).bool("force")).toBe(true);
  });

  it("are overridden by the command line", () => {
    expect(parse("plan -input=true", { TF_CLI_ARGS: "-input=false" }).bool("input")).toBe(true);
  });

  it("may hold anything that core would take there", () => {
    expect(parse("apply", { TF_CLI_ARGS_apply: "plan.out" }).positional).toEqual(["plan.out"]);
    expect(parse("", { TF_CLI_ARGS: "-version" }).isVersion).toBe(true);
    expect(parse("plan", { TF_CLI_ARGS: "" }).toArgv()).toEqual(["plan"]);
  });

  it("are put behind the first argument that reads like the subcommand's last word, as core does", () => {
    expect(parse("state list", { TF_CLI_ARGS: "-x" }).toArgv()).toEqual(["state", "list", "-x"]);
    expect(parse("plan plan", { TF_CLI_ARGS: "-json" }).toArgv()).toEqual(["plan", "-json", "plan"]);
  });

  it("must be words", () => {
    expect(thrownCode(() => parse("plan", { TF_CLI_ARGS: "'" }))).toBe("CORE_ARGUMENTS");
    expect(thrownCode(() => parse("plan", { TF_CLI_ARGS_plan: "a(b)" }))).toBe("CORE_ARGUMENTS");
    expect(parse("plan", { TF_CLI_ARGS_apply: "'" }).command).toBe("plan");
  });
});

describe("a changed command line", () => {
  const line = "apply -no-color --auto-approve -target a.b -var=x=1 -target=c.d plan.out";

  it("has further flags behind those that are there, in front of what is none", () => {
    expect(parse("apply -json plan.out").with("-lock=false", "-out=x").toArgv()).toEqual([
      ...["apply", "-json", "-lock=false", "-out=x", "plan.out"],
    ]);
    expect(parse("apply -- x").with("-json").toArgv()).toEqual(["apply", "-json", "--", "x"]);
    expect(parse("plan").with("-out=x").flag("out")).toBe("x");
  });

  it("has further flags in front of all, where core reads them before it refuses one that it does not know", () => {
    expect(parse("plan -nothing -json x").withFirst("-out=y", "-destroy").toArgv()).toEqual([
      ...["plan", "-out=y", "-destroy", "-nothing", "-json", "x"],
    ]);
    expect(parse("plan -nothing").withFirst("-out=y").flag("out")).toBe("y");
  });

  it("lacks a flag in every spelling", () => {
    expect(parse(line).without("auto-approve", "target").toArgv()).toEqual([
      "apply",
      "-no-color",
      "-var=x=1",
      "plan.out",
    ]);
    expect(parse(line).without("no-color").has("no-color")).toBe(false);
    expect(parse("apply out").without("").toArgv()).toEqual(["apply", "out"]);
  });

  it("has another subcommand", () => {
    expect(parse("-chdir=x destroy -json").withCommand("state list").toArgv()).toEqual([
      ...["-chdir=x", "state", "list", "-json"],
    ]);
  });

  it("has other positional arguments", () => {
    expect(parse(line).withPositional("-odd").positional).toEqual(["-odd"]);
    expect(parse("apply -json a").withPositional("b").toArgv()).toEqual(["apply", "-json", "b"]);
    expect(parse("apply a").withPositional().toArgv()).toEqual(["apply"]);
    const again = CoreArguments.parse(parse("apply").withPositional("-odd").toArgv(), {});
    expect(again.positional).toEqual(["-odd"]);
  });

  it("leaves the one it was made from as it was", () => {
    const args = parse(line);
    args.without("target").with("-json").withCommand("plan");
    expect(args.toArgv()).toEqual(line.split(" "));
  });
});

it("reads any line without losing an argument", () => {
  const words = [
    "plan",
    "apply",
    "-out",
    "-out=a",
    "--json",
    "-no-color",
    "--",
    "-",
    "x",
    "-chdir=y",
    "-nope",
    "",
    "state",
    "list",
  ];
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom(...words), fc.string())), (argv) => {
      const args = CoreArguments.parse(argv, {});
      expect(args.toArgv().toSorted()).toEqual(argv.toSorted());
      // What was read once reads the same again.
      const again = CoreArguments.parse(args.toArgv(), {});
      expect(again.toArgv()).toEqual(args.toArgv());
      expect([again.command, again.chdir, again.positional]).toEqual([args.command, args.chdir, args.positional]);
    }),
  );
});

import type { AttackClass } from "./attack.js";
import { ANSWERS } from "./classes/answers.js";
import { BYTECODE } from "./classes/bytecode.js";
import { CLOCK } from "./classes/clock.js";
import { COUNTS } from "./classes/counts.js";
import { DECEPTION } from "./classes/deception.js";
import { DEEP_JSON } from "./classes/deep-json.js";
import { ENVIRONMENT } from "./classes/environment.js";
import { EXCEPTIONS } from "./classes/exceptions.js";
import { EXPRESSIONS } from "./classes/expressions.js";
import { FILE } from "./classes/file.js";
import { FLOODS } from "./classes/floods.js";
import { HUGE_STRINGS } from "./classes/huge-strings.js";
import { LOOPS } from "./classes/loops.js";
import { MEMORY } from "./classes/memory.js";
import { METADATA } from "./classes/metadata.js";
import { MODULES } from "./classes/modules.js";
import { NETWORK } from "./classes/network.js";
import { PACKAGES } from "./classes/packages.js";
import { PROCESS } from "./classes/process.js";
import { PROTOTYPES } from "./classes/prototypes.js";
import { SLOW_ANSWERS } from "./classes/slow-answers.js";
import { SOURCES } from "./classes/sources.js";
import { STACK } from "./classes/stack.js";
import { TABLES } from "./classes/tables.js";

/** Every class of attacks, in the order in which they are made. */
export const ATTACK_CLASSES: readonly AttackClass[] = [
  FILE,
  NETWORK,
  ENVIRONMENT,
  PROCESS,
  CLOCK,
  PROTOTYPES,
  EXCEPTIONS,
  EXPRESSIONS,
  DEEP_JSON,
  HUGE_STRINGS,
  PACKAGES,
  LOOPS,
  MEMORY,
  TABLES,
  STACK,
  COUNTS,
  SLOW_ANSWERS,
  FLOODS,
  DECEPTION,
  ANSWERS,
  METADATA,
  SOURCES,
  MODULES,
  BYTECODE,
];

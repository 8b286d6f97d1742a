const SPACES = " \t\r\n";
/** What ends a command line outside of quotes, as an operator of the shell would. */
const OPERATORS = ";&|<>";

/**
 * Splits text into words as core splits `TF_CLI_ARGS`: a port of `Parse` of github.com/mattn/go-shellwords v1.0.12 with
 * variables and backticks off, its oddities included: what stands in backticks or `$(…)` is one literal word, and an
 * operator of the shell ends the line. Undefined for what that refuses: an open quote, a backslash at the end, a
 * parenthesis out of place.
 */
export function splitShellWords(text: string): string[] | undefined {
  const reader = new WordReader();
  for (const character of text) {
    const next = reader.read(character);
    if (next === "refused") return undefined;
    if (next === "over") break;
  }
  return reader.finish();
}

/** Reads a line character by character. */
class WordReader {
  readonly #words: string[] = [];
  #word = "";
  /** A word has begun; also `""` is one. */
  #begun = false;
  #escaped = false;
  #single = false;
  #double = false;
  #back = false;
  #dollar = false;

  read(character: string): "on" | "over" | "refused" {
    if (this.#escaped) {
      this.#escaped = false;
      return this.#add(character);
    }
    if (character === "\\" && !this.#single) {
      this.#escaped = true;
      return "on";
    }
    if (SPACES.includes(character)) {
      if (this.#quoted()) this.#word += character;
      else this.#end();
      return "on";
    }
    if (OPERATORS.includes(character) && !this.#quoted()) {
      // In `2>file` the 2 is no word.
      if (character === ">" && /^[0-9]/.test(this.#word)) this.#begun = false;
      return "over";
    }
    return this.#readQuote(character);
  }

  /** The words; undefined when a quote is open or a backslash stands at the end. */
  finish(): string[] | undefined {
    this.#end();
    return this.#escaped || this.#quoted() ? undefined : this.#words;
  }

  #readQuote(character: string): "on" | "refused" {
    if (character === "'" && !this.#double && !this.#dollar) {
      this.#single = !this.#single;
      this.#begun ||= !this.#single;
      return "on";
    }
    if (character === '"' && !this.#single && !this.#dollar) {
      this.#double = !this.#double;
      this.#begun ||= !this.#double;
      return "on";
    }
    const plain = !this.#single && !this.#double;
    if (character === "`" && plain && !this.#dollar) this.#back = !this.#back;
    if (character === ")" && plain && !this.#back) this.#dollar = !this.#dollar;
    if (character === "(" && plain && !this.#back) {
      if (this.#dollar || !this.#word.endsWith("$")) return "refused";
      this.#dollar = true;
    }
    return this.#add(character);
  }

  #add(character: string): "on" {
    this.#word += character;
    this.#begun = true;
    return "on";
  }

  #end(): void {
    if (!this.#begun) return;
    this.#words.push(this.#word);
    this.#word = "";
    this.#begun = false;
  }

  #quoted(): boolean {
    return this.#single || this.#double || this.#back || this.#dollar;
  }
}

// A small JSON reader and writer: just what a policy needs.

export enum Kind {
  Null,
  True,
  False,
  Number,
  String,
  List,
  Record,
}

/** One JSON value. */
export class Json {
  /** The text of a string; the digits of a number as they were written. */
  text: string = "";
  items: Json[] = [];
  keys: string[] = [];

  constructor(readonly kind: Kind) {}

  /** The member of that name; null for another kind of value, and without such a member. The last of two counts. */
  get(key: string): Json | null {
    for (let at = this.keys.length - 1; at >= 0; at -= 1) {
      if (this.keys[at] == key) return this.items[at];
    }
    return null;
  }

  isString(): bool {
    return this.kind == Kind.String;
  }

  isList(): bool {
    return this.kind == Kind.List;
  }

  isRecord(): bool {
    return this.kind == Kind.Record;
  }
}

/** The member of a value that may itself be absent. */
export function member(value: Json | null, key: string): Json | null {
  return value == null ? null : value.get(key);
}

/** Reads a whole text; null when it is not JSON. */
export function parse(text: string): Json | null {
  const reader = new Reader(text);
  const value = reader.value();
  reader.space();
  return reader.failed || reader.at != text.length ? null : value;
}

class Reader {
  at: i32 = 0;
  failed: bool = false;

  constructor(readonly text: string) {}

  space(): void {
    while (this.at < this.text.length) {
      const code = this.text.charCodeAt(this.at);
      if (code != 32 && code != 9 && code != 10 && code != 13) return;
      this.at += 1;
    }
  }

  value(): Json {
    this.space();
    switch (this.peek()) {
      case 0x7b: // {
        return this.record();
      case 0x5b: // [
        return this.list();
      case 0x22: {
        // "
        const value = new Json(Kind.String);
        value.text = this.string();
        return value;
      }
      case 0x74:
        return this.word("true", Kind.True);
      case 0x66:
        return this.word("false", Kind.False);
      case 0x6e:
        return this.word("null", Kind.Null);
      default:
        return this.number();
    }
  }

  private peek(): i32 {
    return this.at < this.text.length ? this.text.charCodeAt(this.at) : -1;
  }

  private take(code: i32): bool {
    if (this.peek() != code) return false;
    this.at += 1;
    return true;
  }

  private fail(): void {
    this.failed = true;
    this.at = this.text.length;
  }

  private word(word: string, kind: Kind): Json {
    if (this.text.substr(this.at, word.length) == word) this.at += word.length;
    else this.fail();
    return new Json(kind);
  }

  private record(): Json {
    const value = new Json(Kind.Record);
    this.at += 1;
    this.space();
    if (this.take(0x7d)) return value;
    while (!this.failed) {
      this.space();
      if (this.peek() != 0x22) break;
      value.keys.push(this.string());
      this.space();
      if (!this.take(0x3a)) break;
      value.items.push(this.value());
      this.space();
      if (this.take(0x7d)) return value;
      if (!this.take(0x2c)) break;
    }
    this.fail();
    return value;
  }

  private list(): Json {
    const value = new Json(Kind.List);
    this.at += 1;
    this.space();
    if (this.take(0x5d)) return value;
    while (!this.failed) {
      value.items.push(this.value());
      this.space();
      if (this.take(0x5d)) return value;
      if (!this.take(0x2c)) break;
    }
    this.fail();
    return value;
  }

  /** The digits stay text: nothing here computes with them. */
  private number(): Json {
    const start = this.at;
    this.take(0x2d);
    if (!this.take(0x30)) this.digits();
    if (this.take(0x2e)) this.digits();
    if (this.take(0x65) || this.take(0x45)) {
      if (!this.take(0x2b)) this.take(0x2d);
      this.digits();
    }
    const value = new Json(Kind.Number);
    value.text = this.text.substring(start, this.at);
    return value;
  }

  private digits(): void {
    const start = this.at;
    while (this.peek() >= 0x30 && this.peek() <= 0x39) this.at += 1;
    if (this.at == start) this.fail();
  }

  private string(): string {
    this.at += 1;
    let text = "";
    let start = this.at;
    while (this.at < this.text.length) {
      const code = this.text.charCodeAt(this.at);
      if (code < 0x20) break;
      if (code == 0x22) {
        text += this.text.substring(start, this.at);
        this.at += 1;
        return text;
      }
      this.at += 1;
      if (code == 0x5c) {
        text += this.text.substring(start, this.at - 1) + this.escaped();
        start = this.at;
      }
    }
    this.fail();
    return "";
  }

  private escaped(): string {
    const code = this.peek();
    this.at += 1;
    switch (code) {
      case 0x22:
      case 0x5c:
      case 0x2f:
        return String.fromCharCode(code);
      case 0x62:
        return "\b";
      case 0x66:
        return "\f";
      case 0x6e:
        return "\n";
      case 0x72:
        return "\r";
      case 0x74:
        return "\t";
      case 0x75:
        return this.unit();
      default:
        this.fail();
        return "";
    }
  }

  private unit(): string {
    let unit = 0;
    for (let digit = 0; digit < 4; digit += 1) {
      const place = "0123456789abcdef".indexOf(this.text.charAt(this.at).toLowerCase());
      if (place < 0 || this.at >= this.text.length) {
        this.fail();
        return "";
      }
      unit = unit * 16 + place;
      this.at += 1;
    }
    return String.fromCharCode(unit);
  }
}

/** A JSON string, escaped exactly as `JSON.stringify` does it. */
export function quote(text: string): string {
  let quoted = '"';
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const high = code >= 0xd800 && code <= 0xdbff;
    if (high && at + 1 < text.length && (text.charCodeAt(at + 1) & 0xfc00) == 0xdc00) {
      at += 1;
      continue;
    }
    const lone = high || (code >= 0xdc00 && code <= 0xdfff);
    if (code >= 0x20 && code != 0x22 && code != 0x5c && !lone) continue;
    quoted += text.substring(start, at) + escape(code);
    start = at + 1;
  }
  return quoted + text.substring(start) + '"';
}

function escape(code: i32): string {
  switch (code) {
    case 0x22:
      return '\\"';
    case 0x5c:
      return "\\\\";
    case 0x08:
      return "\\b";
    case 0x0c:
      return "\\f";
    case 0x0a:
      return "\\n";
    case 0x0d:
      return "\\r";
    case 0x09:
      return "\\t";
    default:
      return "\\u" + code.toString(16).padStart(4, "0");
  }
}

/** A piece of a line. Nothing here is markup: whoever shows it makes text nodes of it. */
export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'break' }
  | { readonly kind: 'strong' | 'emphasis' | 'deleted'; readonly children: readonly Inline[] }
  | { readonly kind: 'link'; readonly address: string; readonly children: readonly Inline[] };

const MARKS = [
  { mark: '**', kind: 'strong' },
  { mark: '__', kind: 'strong' },
  { mark: '~~', kind: 'deleted' },
  { mark: '*', kind: 'emphasis' },
  { mark: '_', kind: 'emphasis' },
] as const;

const SPECIAL = /[\\`*_~[!<h\n]/g;
const ADDRESS = /https:\/\/[^\s<>"'`]+/y;
const ANGLE = /<((?:https:\/\/|mailto:)[^\s<>]+)>/y;
const LINK =
  /!?\[((?:[^[\]\\\n]|\\.){0,1000})\]\(\s*<?([^\s()<>]{0,2000}(?:\([^\s()<>]{0,500}\)[^\s()<>]{0,500})?)>?(?:\s+"[^"\n]{0,500}")?\s*\)/y;
const ESCAPED = /\\([\\`*_{}[\]()#+\-.!|<>~"])/y;
const DEEPEST = 5;

/** Addresses that may be followed. Others are shown as the text they are. */
function allowed(address: string): boolean {
  return /^(?:https:\/\/[^\s]|mailto:[^\s])/i.test(address);
}

/** Reads one block's text. Time is linear in its length. */
export function inlinesOf(text: string, depth = 0): Inline[] {
  return new InlineReader(text, depth).read();
}

class InlineReader {
  readonly #text: string;
  readonly #depth: number;
  readonly #found: Inline[] = [];
  /** Marks that do not come any more: looking for them again would make a long text slow. */
  readonly #gone = new Set<string>();
  #plain = '';

  constructor(text: string, depth: number) {
    this.#text = text;
    this.#depth = depth;
  }

  read(): Inline[] {
    let at = 0;
    while (at < this.#text.length) {
      SPECIAL.lastIndex = at;
      const next = SPECIAL.exec(this.#text)?.index ?? this.#text.length;
      this.#plain += this.#text.slice(at, next);
      if (next === this.#text.length) break;
      at = this.#special(next);
    }
    this.#endText();
    return this.#found;
  }

  /** @returns where to go on */
  #special(at: number): number {
    switch (this.#text[at]) {
      case '\n':
        return this.#newLine(at);
      case '\\':
        return this.#match(ESCAPED, at, ([, character]) => void (this.#plain += character));
      case '`':
        return this.#code(at);
      case '[':
      case '!':
        return this.#match(LINK, at, (match) => this.#link(match));
      case '<':
        return this.#match(ANGLE, at, ([, address = '']) => this.#address(address));
      case 'h':
        return this.#bareAddress(at);
      default:
        return this.#marked(at);
    }
  }

  /** Looks at the text and not at what was gathered of it: the end of a long gathered string is costly to see. */
  #newLine(at: number): number {
    const hard = this.#text[at - 1] === '\\' || (this.#text[at - 1] === ' ' && this.#text[at - 2] === ' ');
    if (hard) {
      this.#plain = this.#plain.replace(/[ \\]+$/, '');
      this.#put({ kind: 'break' });
    } else this.#plain += '\n';
    return at + 1;
  }

  #match(pattern: RegExp, at: number, take: (match: RegExpExecArray) => void): number {
    pattern.lastIndex = at;
    const match = pattern.exec(this.#text);
    if (!match) return this.#literal(at, 1);
    take(match);
    return at + match[0].length;
  }

  #code(at: number): number {
    const fence = /`+/y;
    fence.lastIndex = at;
    const mark = fence.exec(this.#text)?.[0] ?? '`';
    const end = this.#endOf(mark, at + mark.length);
    if (end < 0) return this.#literal(at, mark.length);
    const inner = this.#text.slice(at + mark.length, end);
    const text = /^ .*[^ ].* $/s.test(inner) ? inner.slice(1, -1) : inner;
    this.#put({ kind: 'code', text: text.replaceAll('\n', ' ') });
    return end + mark.length;
  }

  #link([whole, label = '', address = '']: RegExpExecArray): void {
    if (whole.startsWith('!')) {
      // An image is not fetched: its words and its address are all there is of it.
      this.#plain += label === '' ? '' : `${label} `;
      if (allowed(address)) this.#address(address);
      else this.#plain += `(${address})`;
    } else if (!allowed(address)) this.#plain += `${label} (${address})`;
    else this.#put({ kind: 'link', address, children: this.#inside(label) });
  }

  #bareAddress(at: number): number {
    ADDRESS.lastIndex = at;
    const match = ADDRESS.exec(this.#text);
    if (!match || this.#afterWord(at)) return this.#literal(at, 1);
    const address = match[0].replace(/[.,:;!?*_~)\]]+$/, '');
    if (!/\w/.test(address.slice('https://'.length))) return this.#literal(at, address.length);
    this.#address(address);
    return at + address.length;
  }

  #afterWord(at: number): boolean {
    return /\w/.test(this.#text[at - 1] ?? '');
  }

  #address(address: string): void {
    this.#put({ kind: 'link', address, children: [{ kind: 'text', text: address }] });
  }

  #marked(at: number): number {
    const found = MARKS.find(({ mark }) => this.#text.startsWith(mark, at));
    if (!found || this.#depth >= DEEPEST) return this.#literal(at, 1);
    const { mark, kind } = found;
    const inWord = mark.startsWith('_') && this.#afterWord(at);
    if (inWord || /^\s|^$/.test(this.#text.slice(at + mark.length, at + mark.length + 1))) return this.#literal(at, mark.length);
    const end = this.#endOf(mark, at + mark.length + 1);
    if (end < 0) return this.#literal(at, mark.length);
    this.#put({ kind, children: this.#inside(this.#text.slice(at + mark.length, end)) });
    return end + mark.length;
  }

  /** Where the same mark closes; -1 when it does not. A single one is not found inside a double one. */
  #endOf(mark: string, from: number): number {
    if (this.#gone.has(mark)) return -1;
    const character = mark[0] ?? '';
    for (let at = this.#text.indexOf(mark, from); at >= 0; at = this.#text.indexOf(mark, at + 1)) {
      let length = mark.length;
      while (this.#text[at + length] === character) length += 1;
      const closes = character === '`' ? length === mark.length : !/\s/.test(this.#text[at - 1] ?? ' ');
      if (closes && (length === mark.length || length === 3)) return at + length - mark.length;
      at += length - 1;
    }
    this.#gone.add(mark);
    return -1;
  }

  #inside(text: string): Inline[] {
    return inlinesOf(text, this.#depth + 1);
  }

  #literal(at: number, length: number): number {
    this.#plain += this.#text.slice(at, at + length);
    return at + length;
  }

  #put(inline: Inline): void {
    this.#endText();
    this.#found.push(inline);
  }

  #endText(): void {
    if (this.#plain !== '') this.#found.push({ kind: 'text', text: this.#plain });
    this.#plain = '';
  }
}

/** What is known of a text before it is written. */
export interface Expected {
  /** It may begin with this, which is no part of it; `''`: it does not. */
  readonly echo: string;
  /** Where it ends, the sequence itself left out. */
  readonly stops: readonly string[];
  /** Blanks at its beginning belong to the form of the prompt. */
  readonly trimmed: boolean;
}

/** What a model wrote, piece by piece, less the prompt before it and everything from a stop sequence on. */
export class WrittenText {
  readonly #stops: readonly string[];
  #echo: string;
  #trims: boolean;
  #held = '';
  #stopped = false;

  constructor({ echo, stops, trimmed }: Expected) {
    this.#stops = stops.filter((stop) => stop !== '');
    this.#echo = echo;
    this.#trims = trimmed;
  }

  /** A stop sequence came. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** What is now known to be text. */
  push(piece: string): string {
    if (this.#stopped) return '';
    this.#held += piece;
    return this.#begun(false) ? this.#released(false) : '';
  }

  /** The rest. */
  end(): string {
    if (this.#stopped) return '';
    this.#begun(true);
    return this.#released(true);
  }

  /** Takes away what stands before the text; false: it is not all here. */
  #begun(last: boolean): boolean {
    if (this.#echo !== '') {
      if (!last && this.#held.length < this.#echo.length && this.#echo.startsWith(this.#held)) return false;
      if (this.#held.startsWith(this.#echo)) this.#held = this.#held.slice(this.#echo.length);
      this.#echo = '';
    }
    if (this.#trims) this.#held = this.#held.trimStart();
    if (this.#held !== '') this.#trims = false;
    return true;
  }

  #released(last: boolean): string {
    const at = this.#stops.map((stop) => this.#held.indexOf(stop)).filter((index) => index !== -1);
    this.#stopped = at.length > 0;
    const length = this.#stopped ? Math.min(...at) : this.#held.length - (last ? 0 : this.#begunStop());
    const text = this.#held.slice(0, length);
    this.#held = this.#stopped ? '' : this.#held.slice(length);
    return text;
  }

  /** Letters at the end that may be the beginning of a stop sequence. */
  #begunStop(): number {
    return Math.max(
      0,
      ...this.#stops.map((stop) => {
        let length = Math.min(stop.length - 1, this.#held.length);
        while (length > 0 && !this.#held.endsWith(stop.slice(0, length))) length -= 1;
        return length;
      }),
    );
  }
}

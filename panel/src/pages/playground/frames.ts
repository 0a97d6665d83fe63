/** Tells that something changed, at most once a frame, however often it changes. */
export class Frames {
  readonly #tell: () => void;
  #asked = 0;

  constructor(tell: () => void) {
    this.#tell = tell;
  }

  /** With the next frame. A page that is not in sight has none; a timer stands in. */
  soon(): void {
    if (this.#asked !== 0) return;
    this.#asked = document.hidden ? window.setTimeout(() => this.now(), 250) : requestAnimationFrame(() => this.now());
  }

  now(): void {
    if (this.#asked !== 0) cancelAnimationFrame(this.#asked);
    this.#asked = 0;
    this.#tell();
  }
}

/** Tells when a JSON object or list that comes in pieces is whole. */
export class ObjectEnd {
  #depth = 0;
  #inText = false;
  #isEscaped = false;
  #isReached = false;

  get isReached(): boolean {
    return this.#isReached;
  }

  see(text: string): void {
    for (const char of text) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (this.#inText) this.#seeInText(char);
      else this.#seeOutside(char);
    }
  }

  #seeInText(char: string): void {
    if (char === '\\') this.#isEscaped = true;
    else if (char === '"') this.#inText = false;
  }

  #seeOutside(char: string): void {
    if (char === '"') this.#inText = true;
    else if (char === '{' || char === '[') this.#depth++;
    else if ((char === '}' || char === ']') && --this.#depth === 0) this.#isReached = true;
  }
}

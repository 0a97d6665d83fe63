/** A sentence ends with its mark and a space, or with its line. */
const END = /[.!?…。！？:][)"'”’*_]*(?=\s)|\n/g;

/**
 * Cuts a growing answer into sentences for screen readers: nobody can listen to tokens.
 */
export class Spoken {
  #from = 0;

  /** Sentences that are whole since the last time; with the end of the answer all that is left. */
  next({ text, running }: { readonly text: string; readonly running: boolean }): string[] {
    const sentences: string[] = [];
    END.lastIndex = this.#from;
    for (let match = END.exec(text); match; match = END.exec(text)) {
      sentences.push(text.slice(this.#from, END.lastIndex));
      this.#from = END.lastIndex;
    }
    if (!running) {
      sentences.push(text.slice(this.#from));
      this.#from = text.length;
    }
    return sentences.map(plain).filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
  }
}

/** Without the marks of Markdown. */
function plain(text: string): string {
  return text
    .replace(/^[\s>#*+-]+/, '')
    .replace(/[*_`|~]/g, '')
    .trim();
}

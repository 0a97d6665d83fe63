import { parentPort } from 'node:worker_threads';
import type { Encoding } from './families.ts';

/** What the counter asks; answered in the order it came. */
export interface CountQuestion {
  readonly id: number;
  readonly encoding: Encoding;
  readonly texts: readonly string[];
}

export interface CountReply {
  readonly id: number;
  readonly tokens: number;
}

type CountTokens = (
  text: string,
  options: { readonly allowedSpecial: ReadonlySet<string>; readonly disallowedSpecial: ReadonlySet<string> },
) => number;

/** A text that contains `<|endoftext|>` is text: nothing in it is special, nothing is refused. */
const AS_TEXT = { allowedSpecial: new Set<string>(), disallowedSpecial: new Set<string>() };

/** Loads a vocabulary: tens of megabytes, which is why this is a thread of its own that ends when idle. */
async function tokenizerOf(encoding: Encoding): Promise<CountTokens> {
  const module =
    encoding === 'cl100k_base' ? await import('gpt-tokenizer/encoding/cl100k_base') : await import('gpt-tokenizer/encoding/o200k_base');
  return module.countTokens as CountTokens;
}

parentPort?.on('message', ({ id, encoding, texts }: CountQuestion) => {
  void (async () => {
    const countTokens = await tokenizerOf(encoding);
    const tokens = texts.reduce((sum, text) => sum + countTokens(text, AS_TEXT), 0);
    parentPort?.postMessage({ id, tokens } satisfies CountReply);
  })();
});

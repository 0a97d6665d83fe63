import { parentPort } from 'node:worker_threads';
import type { Encoding } from './families.ts';

/** What the counter asks; answered in the order it came. */
export interface CountQuestion {
  readonly id: number;
  readonly encoding: Encoding;
  readonly texts: readonly string[];
  /** Token lists to be read back to text, in place of texts to be counted. */
  readonly lists?: readonly (readonly number[])[];
}

export interface CountReply {
  readonly id: number;
  readonly tokens: number;
  /** What the lists say; null: one of them holds what is no token. */
  readonly read?: readonly string[] | null;
}

type CountTokens = (
  text: string,
  options: { readonly allowedSpecial: ReadonlySet<string>; readonly disallowedSpecial: ReadonlySet<string> },
) => number;

type Decode = (tokens: Iterable<number>) => string;

/** A text that contains `<|endoftext|>` is text: nothing in it is special, nothing is refused. */
const AS_TEXT = { allowedSpecial: new Set<string>(), disallowedSpecial: new Set<string>() };

/** Loads a vocabulary: tens of megabytes, which is why this is a thread of its own that ends when idle. */
async function tokenizerOf(encoding: Encoding): Promise<{ readonly countTokens: CountTokens; readonly decode: Decode }> {
  const { countTokens, decode } =
    encoding === 'cl100k_base' ? await import('gpt-tokenizer/encoding/cl100k_base') : await import('gpt-tokenizer/encoding/o200k_base');
  return { countTokens: countTokens as CountTokens, decode };
}

parentPort?.on('message', ({ id, encoding, texts, lists }: CountQuestion) => {
  void (async () => {
    const { countTokens, decode } = await tokenizerOf(encoding);
    const tokens = texts.reduce((sum, text) => sum + countTokens(text, AS_TEXT), 0);
    parentPort?.postMessage({ id, tokens, ...(lists && { read: readBack(lists, decode) }) } satisfies CountReply);
  })();
});

function readBack(lists: readonly (readonly number[])[], decode: Decode): readonly string[] | null {
  try {
    return lists.map((list) => decode(list));
  } catch {
    return null;
  }
}

/** What stands before and behind a text. */
export interface Around {
  readonly before: string;
  readonly after: string;
}

/** How a conversation becomes one text. The mark of a text's beginning is the tokenizer's business. */
export interface Template {
  readonly begin?: string;
  /** Absent: the model knows no such turn, and the text stands at the head of the user's first, in {@link head}. */
  readonly system?: Around;
  readonly head?: Around;
  readonly user: Around;
  readonly assistant: Around;
  /** Begins the turn that the model is to write. */
  readonly end: string;
  /** What a model writes when its turn is over. */
  readonly stops: readonly string[];
}

/** For models of which nothing is known: it reads like a conversation. */
const PLAIN: Template = {
  system: { before: '', after: '\n\n' },
  user: { before: 'User: ', after: '\n' },
  assistant: { before: 'Assistant: ', after: '\n' },
  end: 'Assistant:',
  stops: ['\nUser:'],
};

const between = (role: (name: string) => string, after: string, stops: readonly string[]): Template => ({
  system: { before: role('system'), after },
  user: { before: role('user'), after },
  assistant: { before: role('assistant'), after },
  end: role('assistant'),
  stops,
});

/** @see https://github.com/openai/openai-python/blob/release-v0.28.0/chatml.md */
const CHATML = between((role) => `<|im_start|>${role}\n`, '<|im_end|>\n', ['<|im_end|>']);

/** @see https://www.llama.com/docs/model-cards-and-prompt-formats/llama3_1 */
const LLAMA_3 = between((role) => `<|start_header_id|>${role}<|end_header_id|>\n\n`, '<|eot_id|>', ['<|eot_id|>']);

/** @see https://huggingface.co/HuggingFaceH4/zephyr-7b-beta */
const ZEPHYR = between((role) => `<|${role}|>\n`, '</s>\n', ['</s>']);

/** @see https://huggingface.co/microsoft/Phi-3-mini-4k-instruct */
const PHI_3 = between((role) => `<|${role}|>\n`, '<|end|>\n', ['<|end|>']);

/** @see https://www.llama.com/docs/model-cards-and-prompt-formats/meta-llama-2 */
const LLAMA_2: Template = {
  head: { before: '<<SYS>>\n', after: '\n<</SYS>>\n\n' },
  user: { before: '[INST] ', after: ' [/INST]' },
  assistant: { before: ' ', after: ' </s><s>' },
  end: '',
  stops: ['</s>'],
};

/** @see https://docs.mistral.ai/guides/tokenization */
const MISTRAL: Template = {
  ...LLAMA_2,
  head: { before: '', after: '\n\n' },
  assistant: { before: ' ', after: '</s>' },
};

/** @see https://ai.google.dev/gemma/docs/core/prompt-structure */
const GEMMA: Template = {
  head: { before: '', after: '\n\n' },
  user: { before: '<start_of_turn>user\n', after: '<end_of_turn>\n' },
  assistant: { before: '<start_of_turn>model\n', after: '<end_of_turn>\n' },
  end: '<start_of_turn>model\n',
  stops: ['<end_of_turn>'],
};

/** By the name of the model; the first that matches. */
const BY_NAME: readonly (readonly [RegExp, Template])[] = [
  [/llama-?3.*(instruct|chat)/i, LLAMA_3],
  [/llama-?2.*chat/i, LLAMA_2],
  [/mi[sx]tral.*instruct/i, MISTRAL],
  [/gemma.*-it\b/i, GEMMA],
  [/qwen(?!.*base)|hermes|smollm.*instruct|\byi-.*chat/i, CHATML],
  [/phi-?3.*instruct/i, PHI_3],
  [/zephyr/i, ZEPHYR],
];

/** @param name the model's own, as far as it is known */
export function templateFor(name: string): Template {
  return BY_NAME.find(([pattern]) => pattern.test(name))?.[1] ?? PLAIN;
}

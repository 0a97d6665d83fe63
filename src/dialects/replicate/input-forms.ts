/** What stands between the turns of a conversation that is told as one prompt; the model's own template stands around all of it. */
export interface TurnMarks {
  readonly assistant: string;
  readonly user: string;
  /** Behind the last turn, where there were several. */
  readonly end: string;
  /** Before the first turn, where there are several. */
  readonly start: string;
}

/** How models of one kind take a conversation. */
export interface InputForm {
  /** Models of this kind. */
  readonly match: RegExp;
  /** Conversations of several turns go as a list of messages; absent: as one prompt. */
  readonly messages?: true;
  readonly marks: TurnMarks;
  /** Member for what the system says; null: it stands at the top of the prompt. */
  readonly system: string | null;
  readonly maxTokens: string;
  /** The least that is taken for it. */
  readonly leastTokens?: number;
  /** Member for stop sequences, as one text with commas; null: none are taken. */
  readonly stop: string | null;
  /** Member for images; a list of them, or one. */
  readonly images: { readonly name: string; readonly list: boolean };
  /** Further parameters of OpenAI's that go under their own names. */
  readonly taken: readonly string[];
}

const SPOKEN: TurnMarks = { start: 'User: ', assistant: '\n\nAssistant: ', user: '\n\nUser: ', end: '\n\nAssistant:' };
const LLAMA_3: TurnMarks = {
  start: '',
  assistant: '<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n',
  user: '<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n',
  end: '',
};
const INST: TurnMarks = { start: '', assistant: ' [/INST] ', user: ' </s><s>[INST] ', end: '' };

const SAMPLING = ['temperature', 'top_p', 'presence_penalty', 'frequency_penalty', 'seed'] as const;

/** For models that are in no other kind: names that most language models on Replicate share. */
export const USUAL: InputForm = {
  match: /^/,
  marks: SPOKEN,
  system: 'system_prompt',
  maxTokens: 'max_tokens',
  stop: 'stop_sequences',
  images: { name: 'image', list: false },
  taken: SAMPLING,
};

/**
 * By the model's name, the first that fits counts; read from the input schemas of the models' pages.
 *
 * @see https://replicate.com/meta/meta-llama-3.1-405b-instruct/api/schema, openai/gpt-4o, anthropic/claude-4-sonnet,
 * google/gemini-2.5-flash, ibm-granite/granite-3.3-8b-instruct (2026-11-26)
 */
export const INPUT_FORMS: readonly InputForm[] = [
  {
    ...USUAL,
    match: /^openai\//,
    messages: true,
    maxTokens: 'max_completion_tokens',
    stop: null,
    images: { name: 'image_input', list: true },
    taken: ['temperature', 'top_p', 'presence_penalty', 'frequency_penalty', 'reasoning_effort', 'verbosity'],
  },
  { ...USUAL, match: /^anthropic\//, leastTokens: 1024, stop: null, taken: [] },
  {
    ...USUAL,
    match: /^google\/gemini/,
    system: 'system_instruction',
    maxTokens: 'max_output_tokens',
    stop: null,
    images: { name: 'images', list: true },
    taken: ['temperature', 'top_p'],
  },
  { ...USUAL, match: /^ibm-granite\/granite-(?:3\.[3-9]|[4-9])/, messages: true },
  { ...USUAL, match: /meta-llama-3|llama-3/, marks: LLAMA_3 },
  { ...USUAL, match: /llama-?2|codellama/, marks: INST, maxTokens: 'max_new_tokens', taken: ['temperature', 'top_p', 'seed'] },
  {
    ...USUAL,
    match: /mi[sx]tral/,
    marks: INST,
    system: null,
    maxTokens: 'max_new_tokens',
    stop: null,
    taken: ['temperature', 'top_p', 'presence_penalty'],
  },
  { ...USUAL, match: /llava|moondream|minicpm/, system: null, stop: null, taken: ['temperature', 'top_p'] },
];

/** How this model is asked; of a version or a deployment its name tells, if it does. */
export function inputFormFor(model: string): InputForm {
  const name = model.replace(/^deployments?\//, '').toLowerCase();
  return INPUT_FORMS.find(({ match }) => match.test(name)) ?? USUAL;
}

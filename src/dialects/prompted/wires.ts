import type { MessagesForm, PromptForm, Wire } from './wire.ts';

/** Text Generation Inference, and what Hugging Face runs in its manner. @see https://huggingface.github.io/text-generation-inference (read 2026-11-26) */
const TGI: PromptForm = {
  path: '',
  prompt: 'inputs',
  members: { 'parameters.return_full_text': false, 'parameters.details': true },
  params: {
    max_tokens: 'parameters.max_new_tokens',
    temperature: 'parameters.temperature',
    top_p: 'parameters.top_p',
    top_k: 'parameters.top_k',
    stop: 'parameters.stop',
    seed: 'parameters.seed',
    frequency_penalty: 'parameters.frequency_penalty',
  },
  // It takes neither 0 nor 1: "must be strictly positive", "must be > 0.0 and < 1.0".
  least: { temperature: 0.01, max_tokens: 1 },
  without: { top_p: 1 },
  own: 'parameters',
  echoes: true,
  answer: {
    text: [['generated_text'], ['generation']],
    finish: [['details', 'finish_reason']],
    input: [
      ['details', 'prompt_tokens'],
      ['details', 'input_length'],
      ['details', 'prefill'],
    ],
    output: [['details', 'generated_tokens']],
  },
  stream: {
    framing: 'sse',
    member: 'stream',
    event: {
      piece: [['token', 'text']],
      mark: ['token', 'special'],
      whole: ['generated_text'],
      finish: [['details', 'finish_reason']],
      input: [
        ['details', 'prompt_tokens'],
        ['details', 'input_length'],
      ],
      output: [['details', 'generated_tokens']],
    },
  },
};

const INVOCATIONS = '/endpoints/{model}/invocations';
const STREAMED_INVOCATIONS = `${INVOCATIONS}-response-stream`;

/**
 * The same body, in the containers of AWS: not all of them know what else TGI knows, but those that stream do.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-test-endpoints.html (read 2026-11-26)
 */
const SAGEMAKER: PromptForm = {
  ...TGI,
  path: INVOCATIONS,
  members: {},
  stream: {
    framing: 'aws-payload',
    path: STREAMED_INVOCATIONS,
    member: 'stream',
    members: { 'parameters.details': true },
    event: TGI.stream?.event ?? null,
  },
};

const SAGEMAKER_CHAT: MessagesForm = { path: INVOCATIONS, streamPath: STREAMED_INVOCATIONS, framing: 'aws-payload', names: 'model' };

/** @see https://docs.aws.amazon.com/nova/latest/nova2-userguide/nova-sagemaker-inference-api-reference.html (read 2026-11-26) */
const SAGEMAKER_NOVA: MessagesForm = {
  ...SAGEMAKER_CHAT,
  names: 'nothing',
  takes: ['max_tokens', 'temperature', 'top_p', 'logprobs', 'top_logprobs', 'reasoning_effort'],
};

/** LoRAX, which goes on from a text as TGI does, under paths of its own. @see https://docs.predibase.com/user-guide/inference/rest_api (read 2026-11-26) */
const PREDIBASE: PromptForm = {
  ...TGI,
  path: '/generate',
  stream: { framing: 'sse', path: '/generate_stream', event: TGI.stream?.event ?? null },
};

/** @see https://docs.predibase.com/user-guide/inference/migrate-openai (read 2026-11-26) */
const PREDIBASE_CHAT: MessagesForm = { path: '/v1/chat/completions', framing: 'sse', names: 'adapter' };

/** @see https://docs.nvidia.com/deeplearning/triton-inference-server/user-guide/docs/protocol/extension_generate.html (read 2026-11-26) */
const TRITON: PromptForm = {
  path: '/generate',
  prompt: 'text_input',
  members: { 'parameters.max_tokens': 2000, 'parameters.bad_words': [''], 'parameters.stop_words': [''] },
  params: {
    max_tokens: 'parameters.max_tokens',
    temperature: 'parameters.temperature',
    top_p: 'parameters.top_p',
    top_k: 'parameters.top_k',
    presence_penalty: 'parameters.presence_penalty',
    frequency_penalty: 'parameters.frequency_penalty',
    stop: 'parameters.stop_words',
  },
  own: 'parameters',
  echoes: true,
  answer: { text: [['text_output']] },
  stream: { framing: 'sse', path: '/generate_stream', member: 'stream', event: { piece: [['text_output']] } },
};

/** Models that are asked by tensors alone. @see https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol (read 2026-11-26) */
const TRITON_INFER: PromptForm = {
  path: '/infer',
  prompt: 'text_input',
  members: { max_tokens: 2000 },
  params: { max_tokens: 'max_tokens', temperature: 'temperature', top_p: 'top_p', top_k: 'top_k' },
  tensors: true,
  echoes: true,
  answer: { text: [['text_output']] },
};

/** @see https://docs.nlpcloud.com/#generation (read 2026-11-26) */
const NLP_CLOUD: PromptForm = {
  path: '/{model}/generation',
  prompt: 'text',
  members: { remove_input: true, length_no_input: true, remove_end_sequence: true },
  params: { max_tokens: 'max_length', temperature: 'temperature', top_p: 'top_p', top_k: 'top_k', stop: 'end_sequence' },
  oneStop: true,
  echoes: true,
  answer: { text: [['generated_text']], input: [['nb_input_tokens']], output: [['nb_generated_tokens']] },
};

/** @see https://docs.aleph-alpha.com/api/complete (read 2026-11-26) */
const ALEPH_ALPHA: PromptForm = {
  path: '/complete',
  prompt: 'prompt',
  model: 'model',
  params: {
    max_tokens: 'maximum_tokens',
    temperature: 'temperature',
    top_p: 'top_p',
    top_k: 'top_k',
    presence_penalty: 'presence_penalty',
    frequency_penalty: 'frequency_penalty',
    stop: 'stop_sequences',
  },
  answer: {
    text: [['completions', 0, 'completion']],
    finish: [['completions', 0, 'finish_reason']],
    input: [['num_tokens_prompt_total']],
    output: [['num_tokens_generated']],
  },
};

/** @see https://docs.bytez.com/http-reference/overview (read 2026-11-26) */
const BYTEZ: PromptForm = {
  path: '/{model}',
  prompt: 'text',
  params: {
    max_tokens: 'params.max_new_tokens',
    temperature: 'params.temperature',
    top_p: 'params.top_p',
    top_k: 'params.top_k',
  },
  own: 'params',
  echoes: true,
  answer: { text: [['output', 'content', 0, 'text'], ['output', 'content'], ['output', 0, 'generated_text'], ['output']] },
  stream: { framing: 'text', member: 'stream', event: null },
};

/** By the names that the catalogue has for them. */
export const WIRES = {
  tgi: { prompt: TGI },
  sagemaker: { prompt: SAGEMAKER },
  sagemaker_chat: { messages: SAGEMAKER_CHAT },
  sagemaker_nova: { messages: SAGEMAKER_NOVA },
  predibase: { prompt: PREDIBASE, messages: PREDIBASE_CHAT },
  triton: { prompt: TRITON },
  triton_infer: { prompt: TRITON_INFER },
  nlp_cloud: { prompt: NLP_CLOUD },
  aleph_alpha: { prompt: ALEPH_ALPHA, messages: { path: '/chat/completions', framing: 'sse', names: 'model' } },
  bytez: { prompt: BYTEZ, turns: 'messages' },
} as const satisfies Record<string, Wire>;

export type WireName = keyof typeof WIRES;

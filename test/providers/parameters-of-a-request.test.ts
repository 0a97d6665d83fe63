import { describe, expect, test } from 'vitest';
import type { Abilities } from '../../src/core/dialect.ts';
import { UnsupportedParamsError } from '../../src/core/errors.ts';
import type { JsonObject } from '../../src/core/json-object.ts';
import { AbilityTable } from '../../src/providers/abilities.ts';
import { applyQuirks } from '../../src/providers/quirks/apply.ts';
import { resolve } from './resolving.ts';

interface More {
  readonly drop?: boolean;
  readonly allow?: readonly string[];
  readonly abilities?: Partial<Abilities>;
  readonly params?: JsonObject;
  readonly info?: JsonObject;
}
const nothing = new AbilityTable([]).of('x');
const user = { role: 'user', content: 'hi' };

function sent(
  model: string,
  body: JsonObject,
  { drop = false, allow = [], abilities = {}, params = {}, info = {} }: More = {},
): JsonObject {
  const { quirks, provider, model: upstream } = resolve({ model, api_key: 'k', ...params }, {}, { info });
  const context = { provider, model: upstream, params: { drop, allow, modify: false }, abilities: { ...nothing, ...abilities } };
  const { model: _, ...result } = applyQuirks({ model: upstream, messages: [user], ...body }, quirks, context);
  return result;
}
const params = (model: string, body: JsonObject, more?: More): JsonObject => {
  const { messages: _, ...rest } = sent(model, body, more);
  return rest;
};

describe('token limits', () => {
  test.each([
    ['openai/gpt-4o', { max_tokens: 5 }, { max_tokens: 5 }],
    ['openai/gpt-5-mini', { max_tokens: 5 }, { max_completion_tokens: 5 }],
    ['openai/gpt-5-chat-latest', { max_tokens: 5 }, { max_completion_tokens: 5 }],
    ['openai/ft:o4-mini:acme::1', { max_tokens: 5 }, { max_completion_tokens: 5 }],
    ['openai/gpt-4o', { max_tokens: 5, max_completion_tokens: 7 }, { max_completion_tokens: 7 }],
    ['mistral/m', { max_tokens: 5, max_completion_tokens: 7 }, { max_tokens: 7 }],
    ['openai/gpt-4o', { max_tokens: -1 }, {}],
    ['openai/gpt-4o', { max_tokens: 3, max_completion_tokens: 0 }, {}],
  ])('%s %j → %j', (model, body, expected) => {
    expect(params(model, body)).toEqual(expected);
  });
});

describe('what a model cannot take', () => {
  test('is an error that names all of it', () => {
    expect(() => params('openai/o4-mini', { temperature: 0.5, top_p: 0.9, seed: 1 })).toThrow(
      new UnsupportedParamsError('openai', 'o4-mini', ['temperature', 'top_p']),
    );
  });

  test('is left out when dropping is on, and sent when allowed', () => {
    expect(params('openai/o4-mini', { temperature: 0.5, top_p: 0.9, seed: 1 }, { drop: true })).toEqual({ seed: 1 });
    expect(params('openai/o4-mini', { temperature: 0.5 }, { allow: ['temperature'] })).toEqual({ temperature: 0.5 });
  });

  test('the default temperature of a reasoning model is fine', () => {
    expect(params('openai/gpt-5', { temperature: 1 })).toEqual({ temperature: 1 });
  });

  test('gpt-5.1 takes a temperature when it does not think; gpt-5-chat always does', () => {
    expect(params('openai/gpt-5.1', { temperature: 0.5, reasoning_effort: 'none' })).toEqual({
      temperature: 0.5,
      reasoning_effort: 'none',
    });
    expect(() => params('openai/gpt-5.1', { temperature: 0.5 })).toThrow('["temperature"]');
    expect(params('openai/gpt-5-chat-latest', { temperature: 0.5 })).toEqual({ temperature: 0.5 });
    expect(() => params('openai/gpt-5-chat-latest', { reasoning_effort: 'low' })).toThrow('["reasoning_effort"]');
  });

  test('a value that asks for nothing is no error', () => {
    expect(params('groq/m', { n: 1 })).toEqual({ n: 1 });
    expect(params('mistral/m', { n: 1, logprobs: false })).toEqual({});
    expect(() => params('groq/m', { n: 2 })).toThrow('["n"]');
    expect(params('openai/gpt-4o', { thinking: { type: 'disabled' } })).toEqual({});
  });

  test('hints go in silence: the user, cache keys, stored answers', () => {
    expect(params('mistral/m', { user: 'u', prompt_cache_key: 'k', store: true })).toEqual({});
    expect(params('openai/gpt-4o', { user: 'u', prompt_cache_key: 'k', store: true })).toEqual({
      user: 'u',
      prompt_cache_key: 'k',
      store: true,
    });
  });

  test('tools are refused only for models known to have none', () => {
    const tools = [{ type: 'function', function: { name: 'f' } }];
    expect(params('together_ai/m', { tools })).toEqual({ tools });
    expect(() => params('together_ai/m', { tools }, { abilities: { tools: false } })).toThrow('["tools"]');
  });

  test('the owner may say what is supported', () => {
    const info = { supported_openai_params: ['temperature', 'top_p'] };
    expect(params('openai/o4-mini', { temperature: 0.5 }, { info })).toEqual({ temperature: 0.5 });
    expect(() => params('openai/gpt-4o', { seed: 1 }, { info })).toThrow('["seed"]');
  });

  test('parameters that are nobody’s business pass', () => {
    expect(params('v0/m', { chat_template_kwargs: { a: 1 }, top_k: 4 })).toEqual({ chat_template_kwargs: { a: 1 }, top_k: 4 });
  });
});

describe('reasoning', () => {
  test.each([
    ['openai/gpt-5', { thinking: { type: 'enabled', budget_tokens: 12_000 } }, { reasoning_effort: 'high' }],
    ['openai/gpt-5', { thinking: { type: 'adaptive' } }, {}],
    ['openai/gpt-5', { thinking: { type: 'enabled', budget_tokens: 1024 }, reasoning_effort: 'low' }, { reasoning_effort: 'low' }],
    ['openai/gpt-5', { reasoning_effort: { effort: 'high', summary: 'auto' } }, { reasoning_effort: 'high' }],
    ['openai/gpt-5.1', { reasoning_effort: 'disable' }, { reasoning_effort: 'none' }],
    ['deepseek/deepseek-chat', { reasoning_effort: 'none' }, { thinking: { type: 'disabled' } }],
    ['deepseek/deepseek-chat', { reasoning_effort: 'high' }, { thinking: { type: 'enabled' }, reasoning_effort: 'high' }],
    ['dashscope/qwen3-32b', { reasoning_effort: 'high' }, { enable_thinking: false }],
    ['dashscope/qwen3-235b-a22b', { stream: true, reasoning_effort: 'high' }, { stream: true, enable_thinking: true }],
    ['dashscope/qwen3-max', {}, {}],
    ['dashscope/qwen3-235b-a22b-instruct-2507', {}, {}],
    ['modelscope/Qwen/Qwen3-8B', {}, { enable_thinking: false }],
    ['modelscope/Qwen/Qwen3-8B', { stream: true }, { stream: true }],
    [
      'openrouter/a/b',
      { thinking: { type: 'enabled', budget_tokens: 2048 } },
      { reasoning: { max_tokens: 2048 }, usage: { include: true } },
    ],
    ['openrouter/a/b', { reasoning_effort: 'low' }, { reasoning: { effort: 'low' }, usage: { include: true } }],
    [
      'openrouter/a/b',
      { reasoning_effort: 'low', reasoning: { exclude: true } },
      { reasoning: { exclude: true, effort: 'low' }, usage: { include: true } },
    ],
    [
      'openrouter/a/b',
      { reasoning_effort: 'none', usage: { include: false } },
      { reasoning: { enabled: false }, usage: { include: true } },
    ],
    ['hosted_vllm/m', { reasoning_effort: 'none' }, { chat_template_kwargs: { enable_thinking: false } }],
    ['hosted_vllm/m', { thinking: { type: 'disabled' } }, { chat_template_kwargs: { enable_thinking: false } }],
    ['hosted_vllm/m', { thinking: { type: 'enabled', budget_tokens: 5000 } }, { reasoning_effort: 'medium' }],
    ['chutes/m', { thinking: { type: 'disabled' } }, {}],
    ['groq/qwen/qwen3-32b', { reasoning_effort: 'high' }, { reasoning_effort: 'default' }],
    ['groq/openai/gpt-oss-120b', { reasoning_effort: 'minimal' }, { reasoning_effort: 'low' }],
    ['groq/openai/gpt-oss-120b', { reasoning_effort: 'medium' }, { reasoning_effort: 'medium' }],
    ['mistral/magistral-small-latest', { reasoning_effort: 'medium' }, { reasoning_effort: 'high' }],
    ['moonshot/kimi-k2.5', { reasoning_effort: 'none', temperature: 0.6 }, { thinking: { type: 'disabled' } }],
    ['zai/glm-4.7', { reasoning_effort: 'low' }, { thinking: { type: 'enabled' } }],
    ['dashscope/qwen3', { thinking: { type: 'enabled', budget_tokens: 3000 } }, { enable_thinking: true, thinking_budget: 3000 }],
    ['volcengine/doubao', { thinking: { type: 'auto' } }, { thinking: { type: 'auto' } }],
  ])('%s %j → %j', (model, body, expected) => {
    expect(params(model, body)).toEqual(expected);
  });

  test('a model that does not think refuses thinking, or drops it', () => {
    const thinking = { type: 'enabled', budget_tokens: 1024 };
    expect(() => params('openai/gpt-4o', { thinking })).toThrow('["thinking"]');
    expect(params('openai/gpt-4o', { thinking }, { drop: true })).toEqual({});
    expect(params('openai/gpt-4o', { thinking }, { allow: ['thinking'] })).toEqual({ thinking });
  });
});

describe('response_format', () => {
  const schema = { type: 'object', properties: { a: { type: 'string' } } };
  const named = { type: 'json_schema', json_schema: { name: 'response', schema } };
  test.each([
    ['a schema without a name', { response_format: { type: 'json_schema', json_schema: { schema } } }],
    ['a schema beside the type', { response_format: { type: 'json_schema', schema } }],
    ['a schema of json_object', { response_format: { type: 'json_object', schema } }],
    ['a response_schema', { response_schema: schema }],
    ['a response_schema inside', { response_format: { type: 'json_object', response_schema: schema } }],
  ])('%s gets OpenAI’s form', (_, body) => {
    expect(params('openai/gpt-4o', body)).toEqual({ response_format: named });
  });

  test('a complete one stays as it is', () => {
    const response_format = { type: 'json_schema', json_schema: { name: 'mine', strict: true, schema } };
    expect(params('openai/gpt-4o', { response_format })).toEqual({ response_format });
  });

  test('a model known to have no schemas gets it in words, behind the system turn', () => {
    const messages = [{ role: 'system', content: 'Be brief.' }, user];
    const body = sent('openai/gpt-3.5-turbo', { messages, response_format: named }, { abilities: { jsonSchema: false } });
    expect(body['response_format']).toEqual({ type: 'json_object' });
    expect(body['messages']).toEqual([
      {
        role: 'system',
        content: `Be brief.\n\nAnswer with one JSON value that fits this JSON Schema, and with nothing else:\n${JSON.stringify(schema)}`,
      },
      user,
    ]);
  });
});

describe('tools', () => {
  const named = (name: string, more = {}): JsonObject => ({ type: 'function', function: { name, ...more } });

  test('the first of two with one name stays; a choice among none goes', () => {
    const [first, second] = [named('f', { description: '1' }), named('f', { description: '2' })];
    expect(params('openai/gpt-4o', { tools: [first, second, named('g')] })).toEqual({ tools: [first, named('g')] });
    expect(params('openai/gpt-4o', { tools: [], tool_choice: 'none', parallel_tool_calls: false })).toEqual({});
  });

  test('keywords are stripped at every level, properties of that name stay', () => {
    const parameters = {
      type: 'object',
      additionalProperties: false,
      properties: { strict: { type: 'boolean' }, additionalProperties: { type: 'object', additionalProperties: { type: 'string' } } },
      $defs: { additionalProperties: { anyOf: [{ type: 'object', additionalProperties: true }] } },
      default: { additionalProperties: 1 },
    };
    const body = params('hosted_vllm/m', { tools: [named('f', { strict: true, parameters })] });
    expect(body['tools']).toEqual([
      named('f', {
        parameters: {
          type: 'object',
          properties: { strict: { type: 'boolean' }, additionalProperties: { type: 'object' } },
          $defs: { additionalProperties: { anyOf: [{ type: 'object' }] } },
          default: { additionalProperties: 1 },
        },
      }),
    ]);
  });
});

describe('sampling', () => {
  test('stop is cut to four at OpenAI only, and not when the owner lifts the limit', () => {
    const stop = ['a', 'b', 'c', 'd', 'e'];
    expect(params('openai/gpt-4o', { stop })).toEqual({ stop: ['a', 'b', 'c', 'd'] });
    expect(params('openai/m', { stop }, { params: { api_base: 'http://10.0.0.5/v1' } })).toEqual({ stop });
    const { quirks } = resolve({ model: 'openai/gpt-4o', api_key: 'k' }, {}, { stopUnlimited: true });
    expect(quirks.quirks.maxItems).toEqual({});
  });

  test('Moonshot gets its temperature in range, and warm enough for several answers', () => {
    expect(params('moonshot/moonshot-v1-8k', { temperature: 1.7 })).toEqual({ temperature: 1 });
    expect(params('moonshot/moonshot-v1-8k', { temperature: 0, n: 2 })).toEqual({ temperature: 0.3, n: 2 });
  });

  test('seed is random_seed at Mistral', () => {
    expect(params('mistral/m', { seed: 4 })).toEqual({ random_seed: 4 });
  });
});

describe('what was said last', () => {
  test('extra_body is laid over everything, member by member', () => {
    expect(params('openrouter/a/b', { extra_body: { provider: { order: ['x'] }, usage: { include: false } } })).toEqual({
      provider: { order: ['x'] },
      usage: { include: false },
    });
    expect(params('openai/o4-mini', { extra_body: { temperature: 0.2 } })).toEqual({ temperature: 0.2 });
  });

  test('null is not given', () => {
    expect(params('openai/gpt-4o', { seed: null, tools: null, extra_body: null })).toEqual({});
  });

  test('additional_drop_params of deployment and request are never sent', () => {
    expect(params('openai/gpt-4o', { seed: 1, top_p: 1 }, { params: { additional_drop_params: ['seed'] } })).toEqual({ top_p: 1 });
  });

  test('defaults yield and forced members do not', () => {
    expect(params('minimax/m', {})).toEqual({ reasoning_split: true });
    expect(params('minimax/m', { reasoning_split: false })).toEqual({ reasoning_split: false });
  });
});

test('an embeddings body goes through the same rules', () => {
  const { quirks } = resolve({ model: 'hosted_vllm/e', api_base: 'http://x/v1' });
  const context = { provider: 'hosted_vllm', model: 'e', params: { drop: false, allow: [], modify: false } };
  expect(applyQuirks({ model: 'e', input: ['a'], encoding_format: null, dimensions: 4 }, quirks, context)).toEqual({
    model: 'e',
    input: ['a'],
    dimensions: 4,
  });
});

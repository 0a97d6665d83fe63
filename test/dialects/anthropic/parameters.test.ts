import { describe, expect, it } from 'vitest';
import { UnsupportedParamsError } from '../../../src/core/errors.ts';
import type { ChatRequest } from '../../../src/core/request.ts';
import { bodyOf, target, write } from './hub.ts';

const DROP = { drop: true };

describe('temperature, top_p and top_k', () => {
  it('pass, the temperature within 0 and 1', () => {
    expect(bodyOf({ temperature: 1.7, topK: 5 })).toMatchObject({ temperature: 1, top_k: 5 });
    expect(bodyOf({ temperature: -1 })).toMatchObject({ temperature: 0 });
    expect(bodyOf({ temperature: 0.2, topP: 0.9 }, target('claude-sonnet-4'))).toMatchObject({ temperature: 0.2, top_p: 0.9 });
  });

  it('are not both there on 4.1 and later: the temperature stays', () => {
    const both = { temperature: 0.2, topP: 0.9 };
    expect(() => write(both, target('claude-opus-4-1'))).toThrow(UnsupportedParamsError);
    const body = bodyOf(both, target('claude-opus-4-1', DROP));
    expect(body['temperature']).toBe(0.2);
    expect(body).not.toHaveProperty('top_p');
    expect(bodyOf({ topP: 0.9 })).toMatchObject({ top_p: 0.9 });
  });

  it.each(['claude-opus-4-7', 'claude-sonnet-5', 'claude-opus-5-5', 'claude-fable-5'])(
    'are refused by %s, their defaults are left out',
    (model) => {
      expect(() => write({ temperature: 0.5 }, target(model))).toThrow(UnsupportedParamsError);
      expect(() => write({ topK: 5 }, target(model))).toThrow(/top_k/);
      for (const [to, members] of [
        [target(model, DROP), { temperature: 0.5, topP: 0.5, topK: 5 }],
        [target(model), { temperature: 1, topP: 1 }],
      ] as const) {
        const body = bodyOf(members, to);
        expect(body).not.toHaveProperty('temperature');
        expect(body).not.toHaveProperty('top_p');
        expect(body).not.toHaveProperty('top_k');
      }
    },
  );

  it('do not go with thinking, except a top_p near 1', () => {
    const body = bodyOf({ temperature: 0.5, topK: 5, reasoning: { effort: 'low' } });
    expect(body).not.toHaveProperty('temperature');
    expect(body).not.toHaveProperty('top_k');
    expect(bodyOf({ topP: 0.5, reasoning: { effort: 'low' } })).not.toHaveProperty('top_p');
    expect(bodyOf({ topP: 0.97, reasoning: { effort: 'low' } })).toMatchObject({ top_p: 0.97 });
  });

  it('are sent against better knowledge when the target allows them', () => {
    expect(bodyOf({ temperature: 0.5 }, target('claude-opus-4-7', { allow: ['temperature'] }))).toMatchObject({ temperature: 0.5 });
  });
});

describe('parameters that Anthropic does not have', () => {
  it.each<[string, Partial<ChatRequest>]>([
    ['n', { n: 2 }],
    ['seed', { seed: 1 }],
    ['logprobs', { logprobs: true }],
    ['top_logprobs', { topLogprobs: 2 }],
    ['logit_bias', { logitBias: { '50256': -100 } }],
    ['presence_penalty', { presencePenalty: 0.5 }],
    ['frequency_penalty', { frequencyPenalty: 0.5 }],
    ['verbosity', { others: { verbosity: 'low' } }],
  ])('%s is refused, dropped, or sent, as the target says', (name, members) => {
    expect(() => write(members)).toThrow(UnsupportedParamsError);
    expect(bodyOf(members, target(undefined, DROP))).not.toHaveProperty(name);
    expect(bodyOf(members, target(undefined, { allow: [name] }))).toHaveProperty(name);
  });

  it('are no matter when they say what happens anyway, or change no answer', () => {
    const body = bodyOf({
      n: 1,
      presencePenalty: 0,
      frequencyPenalty: 0,
      logprobs: false,
      others: { store: true, prompt_cache_key: 'k', metadata: { tags: [] } },
    });
    expect(Object.keys(body).sort()).toEqual(['max_tokens', 'messages', 'model', 'stream']);
  });
});

describe('other parameters', () => {
  it('stop has no entry of blanks only', () => {
    expect(bodyOf({ stop: ['END', ' ', '\n', ''] })['stop_sequences']).toEqual(['END']);
    expect(bodyOf({ stop: [' '] })).not.toHaveProperty('stop_sequences');
  });

  it.each(['01KBDZ4V5J0N9QY', 'a1b2c3', '42', '550e8400-e29b-41d4-a716-446655440000'])('user %s is told', (name) => {
    expect(bodyOf({ user: name })['metadata']).toEqual({ user_id: name });
  });

  it.each(['ada@example.com', '+49 221 1234567', '0221-123456789', '(555) 123-4567', 'x'.repeat(257), ''])(
    'user %s is kept private',
    (name) => {
      expect(bodyOf({ user: name })).not.toHaveProperty('metadata');
    },
  );

  it.each([
    ['auto', 'auto'],
    ['default', 'standard_only'],
    ['standard_only', 'standard_only'],
    ['flex', undefined],
  ])('service_tier %s is %s', (tier, expected) => {
    expect(bodyOf({ serviceTier: tier })['service_tier']).toBe(expected);
  });

  it('of the provider pass through, and none of them can replace what the request says', () => {
    const body = bodyOf({
      extras: { inference_geo: 'us', container: 'c_1', something_new: { a: 1 }, model: 'x', messages: [], stream: true },
    });
    expect(body).toMatchObject({
      inference_geo: 'us',
      container: 'c_1',
      something_new: { a: 1 },
      model: 'claude-sonnet-4-5-20250929',
      stream: false,
    });
    expect(body['messages']).toHaveLength(1);
  });

  it('output_config of the client is joined with ours and wins', () => {
    const body = bodyOf(
      { reasoning: { effort: 'low' }, extras: { output_config: { effort: 'high', task_budget: { type: 'tokens', total: 1 } } } },
      target('claude-opus-4-6'),
    );
    expect(body['output_config']).toEqual({ effort: 'high', task_budget: { type: 'tokens', total: 1 } });
  });
});

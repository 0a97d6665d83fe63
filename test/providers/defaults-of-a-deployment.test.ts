import { describe, expect, test } from 'vitest';
import { defaultsOf, isControlKey, missingDefaults, withDefaults } from '../../src/providers/defaults.ts';

const row = {
  model: 'openai/gpt-4o',
  api_key: 'sk-secret',
  rpm: 5,
  timeout: 3,
  input_cost_per_token: '1e-6',
  cache_read_input_token_cost: '1e-7',
  output_cost_per_token_above_200k_tokens: '1e-6',
  search_context_cost_per_query: {},
  litellm_credential_name: 'c',
  auto_router_config: 'x',
  drop_params: true,
  temperature: 0.3,
  keep_alive: '30m',
  num_ctx: 8192,
  thinking: { type: 'enabled', budget_tokens: 1024 },
  extra_body: { a: 1, b: 2 },
  seed: null,
};
const defaults = {
  temperature: 0.3,
  keep_alive: '30m',
  num_ctx: 8192,
  thinking: { type: 'enabled', budget_tokens: 1024 },
  extra_body: { a: 1, b: 2 },
};

test('every key that does not steer the gateway is a default of the body', () => {
  expect(defaultsOf(row)).toEqual(defaults);
});

test.each(['api_key', 'aws_secret_access_key', 'vertex_credentials', 'client_secret', 'azure_ad_token'])(
  '%s never reaches a body',
  (name) => {
    expect(isControlKey(name)).toBe(true);
  },
);

describe('the client comes first', () => {
  test('a member that is there stays, null is not there', () => {
    expect(withDefaults({ temperature: 1 }, { temperature: 0.3, seed: 1 })).toEqual({ temperature: 1, seed: 1 });
    expect(withDefaults({ temperature: null }, { temperature: 0.3 })).toEqual({ temperature: 0.3 });
    expect(withDefaults({ temperature: 0 }, { temperature: 0.3 })).toEqual({ temperature: 0 });
  });

  test('two names for one thing count as one', () => {
    expect(withDefaults({ max_tokens: 5 }, { max_completion_tokens: 4096 })).toEqual({ max_tokens: 5 });
    expect(withDefaults({ reasoning_effort: 'none' }, { thinking: { type: 'enabled' } })).toEqual({ reasoning_effort: 'none' });
  });

  test('earlier layers win over later ones', () => {
    expect(withDefaults({}, { seed: 1 }, { seed: 2, top_p: 0.5 }, { top_p: 1, n: 1 })).toEqual({ seed: 1, top_p: 0.5, n: 1 });
  });

  test('extra_body is merged', () => {
    expect(withDefaults({ extra_body: { b: 3 } }, defaults)['extra_body']).toEqual({ a: 1, b: 3 });
  });

  test('a default with both names gives the client one limit', () => {
    expect(withDefaults({}, { max_tokens: 5, max_completion_tokens: 6 })).toEqual({ max_tokens: 5, max_completion_tokens: 6 });
  });
});

test('tells which defaults a body lacks, so that one which lacks none passes as it came', () => {
  const { extra_body: _, ...plain } = defaults;
  expect(missingDefaults(new Set(['temperature', 'keep_alive', 'num_ctx', 'reasoning_effort']), plain)).toEqual([]);
  expect(missingDefaults(new Set(['temperature']), plain)).toEqual(['keep_alive', 'num_ctx', 'thinking']);
  expect(missingDefaults(new Set(['extra_body']), { extra_body: {} })).toEqual(['extra_body']);
});

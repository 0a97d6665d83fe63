import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json-object.ts';
import { urlOf, type ResponsesUse } from '../../src/providers/resolve.ts';
import { resolve } from './resolving.ts';

const use = (model: string, params: JsonObject = {}, more: Parameters<typeof resolve>[2] = {}): ResponsesUse | null =>
  resolve({ model, api_key: 'k', ...params }, {}, more).responses;

describe('OpenAI itself', () => {
  test('is asked over Responses by whoever speaks them, and by clients of Anthropic’s dialect', () => {
    expect(use('openai/gpt-4o')).toEqual({ always: false, toolsWithReasoning: false, messages: true, counts: true, summaries: false });
  });

  test.each([
    'gpt-5-codex',
    'gpt-5.1-codex-max',
    'codex-mini-latest',
    'o1-pro',
    'o3-pro-2025-06-10',
    'gpt-5.2-pro',
    'o3-deep-research',
    'computer-use-preview',
  ])('has %s nowhere else', (model) => {
    expect(use(`openai/${model}`)).toMatchObject({ always: true });
  });

  test.each([
    ['gpt-5.4', true],
    ['gpt-5.4-mini-2026-03-05', true],
    ['gpt-5.10', true],
    ['gpt-6', true],
    ['ft:gpt-5.5:me', true],
    ['gpt-5.3', false],
    ['gpt-5', false],
    ['gpt-5.4-chat-latest', false],
    ['o3', false],
  ])('%s needs them for tools and thoughts together: %s', (model, toolsWithReasoning) => {
    expect(use(`openai/${model}`)).toMatchObject({ always: false, toolsWithReasoning });
  });

  test('is what the name says, not any server that is asked in its words', () => {
    expect(use('openai/gpt-5-codex', { api_base: 'http://localhost:8080/v1' })).toBeNull();
    expect(use('openai/gpt-4o', { api_base: 'https://eu.api.openai.com/v1' })).not.toBeNull();
  });
});

describe('an owner', () => {
  const server = { api_base: 'http://localhost:8080/v1' };

  test('asks for them by the name of the model, or by its mode', () => {
    const named = resolve({ model: 'openai/responses/my-model', api_key: 'k', ...server });
    expect([named.model, named.responses, named.warnings]).toEqual(['my-model', expect.objectContaining({ always: true }), []]);
    expect(urlOf(named, '/responses').href).toBe('http://localhost:8080/v1/responses');
    expect(use('openai/my-model', server, { info: { mode: 'responses' } })).toMatchObject({ always: true, messages: true });
  });

  test.each(['hosted_vllm', 'lm_studio', 'openrouter', 'groq', 'fireworks_ai', 'llamacpp'])(
    'may do so for %s, which is asked over chat otherwise',
    (id) => {
      expect(use(`${id}/m`)).toBeNull();
      expect(use(`${id}/responses/m`)).toMatchObject({ always: true });
    },
  );

  test('cannot where the provider has none', () => {
    const deepseek = resolve({ model: 'deepseek/responses/m', api_key: 'k' }, {}, { info: { mode: 'responses' } });
    expect([deepseek.model, deepseek.responses]).toEqual(['responses/m', null]);
    expect(use('anthropic/claude-sonnet-4-5', {}, { info: { mode: 'responses' } })).toBeNull();
  });

  test('keeps a deployment on chat by `use_chat_completions_api`', () => {
    expect(use('openai/gpt-5.4', { use_chat_completions_api: true })).toBeNull();
  });

  test('decides by settings for all', () => {
    const settings = { chats: false, messagesOverChat: false, summaries: false };
    expect(use('openai/gpt-4o', {}, { responses: { ...settings, chats: true } })).toMatchObject({ always: true });
    expect(use('openai/gpt-4o', {}, { responses: { ...settings, messagesOverChat: true } })).toMatchObject({ messages: false });
    expect(use('xai/grok-4', {}, { responses: { ...settings, summaries: true } })).toMatchObject({ summaries: true });
  });
});

test('Azure’s deployments have the rules of the models behind them', () => {
  const params = { api_base: 'https://r.openai.azure.com', api_version: 'v1' };
  expect(use('azure/mine', params, { info: { base_model: 'azure/gpt-5.4' } })).toMatchObject({ toolsWithReasoning: true, messages: true });
  expect(use('azure/mine', params, { info: { base_model: 'azure/gpt-5-codex' } })).toMatchObject({ always: true });
  expect(use('azure/mine', params)).toMatchObject({ always: false, toolsWithReasoning: false });
  expect(use('azure_ai/claude-sonnet-4-5', { api_base: 'https://r.services.ai.azure.com' })).toBeNull();
});

test('xAI has them, and its chats stay chats', () => {
  expect(use('xai/grok-4')).toEqual({ always: false, toolsWithReasoning: false, messages: false, counts: false, summaries: false });
});

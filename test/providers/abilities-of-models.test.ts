import { expect, test } from 'vitest';
import { loadAbilities } from '../../src/providers/abilities.ts';

const table = await loadAbilities();

test.each([
  ['claude-sonnet-4-5-20250929', { vision: true, jsonSchema: true, reasoning: true, maxOutputTokens: 64_000 }],
  ['anthropic/claude-sonnet-4.5', { vision: true, jsonSchema: true, maxOutputTokens: 64_000 }],
  ['us.anthropic.claude-opus-4-6-v1', { jsonSchema: true, maxOutputTokens: 128_000 }],
  ['claude-opus-4-20250514', { jsonSchema: false, maxOutputTokens: 32_000 }],
  ['claude-3-haiku-20240307', { reasoning: false, maxOutputTokens: 4096 }],
  ['gpt-4o-mini', { vision: true, tools: true, jsonSchema: true, reasoning: false }],
  ['ft:gpt-4o-mini:acme::1', { vision: true, jsonSchema: true }],
  ['gpt-4o-audio-preview', { audioInput: true, vision: false }],
  ['gpt-5-chat-latest', { reasoning: false }],
  ['gpt-5-mini', { reasoning: true, maxOutputTokens: 128_000 }],
  ['gpt-3.5-turbo', { vision: false, jsonSchema: false }],
  ['o3-mini', { vision: false, reasoning: true }],
  ['google/gemini-2.5-flash', { audioInput: true, maxInputTokens: 1_048_576 }],
  ['gemini-flash-latest', { vision: true, maxInputTokens: 1_048_576 }],
  ['deepseek-chat', { tools: true, jsonSchema: false }],
  ['command-a-reasoning-08-2025', { reasoning: true, tools: true, maxOutputTokens: 32_000 }],
  ['command-a-vision-07-2025', { vision: true, tools: false, reasoning: false }],
  ['CohereLabs/command-r7b-12-2024', { reasoning: false, tools: true, maxInputTokens: 128_000 }],
  ['meta-llama/Llama-4-Scout-17B', { vision: true }],
  ['qwen3:8b', { vision: false, tools: true }],
  ['Qwen/Qwen2.5-VL-7B-Instruct', { vision: true }],
])('%s can %j', (model, expected) => {
  expect(table.of(model)).toMatchObject(expected);
});

test('what nobody knows is null', () => {
  expect(new Set(Object.values(table.of('my-own-model')))).toEqual(new Set([null]));
});

test('the owner knows better', () => {
  const info = {
    supports_vision: false,
    supports_function_calling: true,
    max_input_tokens: 1000,
    max_tokens: 50,
    supports_reasoning: null,
  };
  expect(table.of('gpt-4o', info)).toMatchObject({
    vision: false,
    tools: true,
    reasoning: false,
    maxInputTokens: 1000,
    maxOutputTokens: 50,
  });
  expect(table.of('gpt-4o', { max_tokens: 50, max_output_tokens: 60 }).maxOutputTokens).toBe(60);
});

test('base_model says what a renamed model is', () => {
  expect(table.of('my-deployment', { base_model: 'azure/gpt-4o' }).vision).toBe(true);
});

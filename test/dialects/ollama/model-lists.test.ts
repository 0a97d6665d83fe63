import { expect, test } from 'vitest';
import { modelFactsOf, modelsOf } from '../../../src/dialects/ollama/models.ts';
import { wireCase } from '../wire-case.ts';

const show = wireCase('ollama/show').response as Record<string, unknown>;

test('the list names what a server has and which models run elsewhere', () => {
  expect(modelsOf(wireCase('ollama/tags').response)).toEqual([
    { name: 'qwen3:8b', family: 'qwen3', parameterSize: '8.2B', quantization: 'Q4_K_M', sizeBytes: 5_225_388_164, remote: false },
    { name: 'gpt-oss:120b-cloud', family: 'gptoss', parameterSize: '116.8B', quantization: 'MXFP4', sizeBytes: 384, remote: true },
  ]);
});

test.each([null, {}, { models: null }, '<html>'])('%j is no list and has no models', (body) => {
  expect(modelsOf(body)).toEqual([]);
});

test('an odd row does not hide the others', () => {
  const rows = [{ name: 'a:1', size: 'big', details: 7 }, { size: 1 }, { model: 'b:1' }];
  expect(modelsOf({ models: rows }).map(({ name }) => name)).toEqual(['a:1', 'b:1']);
});

test('capabilities and the context of the Modelfile become abilities', () => {
  const facts = modelFactsOf(show);
  expect(facts).toMatchObject({ completion: true, embedding: false, contextLength: 40_960, numCtx: 16_384 });
  expect(facts.abilities).toMatchObject({ tools: true, reasoning: true, vision: false, jsonSchema: true, maxInputTokens: 16_384 });
});

test('without num_ctx the context the model was made for counts', () => {
  expect(modelFactsOf({ ...show, parameters: 'stop "num_ctx 5"' }).abilities.maxInputTokens).toBe(40_960);
});

test('an old server tells nothing, and nothing is known', () => {
  const { abilities, embedding, completion } = modelFactsOf({ modelfile: 'FROM x', details: {} });
  expect([embedding, completion, ...Object.values(abilities)].every((value) => value === null)).toBe(true);
});

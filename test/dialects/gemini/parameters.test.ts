import { describe, expect, it } from 'vitest';
import { UnsupportedParamsError } from '../../../src/core/errors.ts';
import { bodyOf, configOf, target, user, write } from './hub.ts';

describe('parameters of OpenAI', () => {
  it('that Google has too keep their value', () => {
    expect(
      configOf({ temperature: 0, topP: 1, topK: 1, n: 3, seed: 0, presencePenalty: 0.5, frequencyPenalty: -0.5, maxOutputTokens: 9 }),
    ).toEqual({
      temperature: 0,
      topP: 1,
      topK: 1,
      candidateCount: 3,
      seed: 0,
      presencePenalty: 0.5,
      frequencyPenalty: -0.5,
      maxOutputTokens: 9,
    });
  });

  it('that set no limit are left out', () => {
    expect(configOf({ maxOutputTokens: -1 })).toEqual({});
    expect(configOf({ maxOutputTokens: 0 })).toEqual({});
  });

  it('stop: five at most, none of them empty', () => {
    expect(configOf({ stop: ['a', '', 'b', 'c', 'd', 'e', 'f'] })).toEqual({ stopSequences: ['a', 'b', 'c', 'd', 'e'] });
    expect(configOf({ stop: [''] })).toEqual({});
  });

  it('top_logprobs go only with logprobs', () => {
    expect(configOf({ logprobs: true })).toEqual({ responseLogprobs: true });
    expect(configOf({ logprobs: false, topLogprobs: 3 })).toEqual({ responseLogprobs: false });
    expect(configOf({ topLogprobs: 3 })).toEqual({ responseLogprobs: true, logprobs: 3 });
  });

  it.each([
    ['auto', undefined],
    ['default', 'standard'],
    ['flex', 'flex'],
    ['priority', 'priority'],
    ['scale', undefined],
  ])('service_tier %s', (serviceTier, sent) => {
    expect(bodyOf({ serviceTier })['serviceTier']).toBe(sent);
  });

  it('that change nothing are left out in silence', () => {
    const others = { store: true, metadata: { a: 'b' }, prompt_cache_key: 'k', safety_identifier: 's', prediction: {} };
    expect(bodyOf({ user: 'u', parallelToolCalls: false, logitBias: { 5: 1 }, others })).toEqual(bodyOf({}));
  });

  it('that Google has not are an error, or dropped, or sent because the owner says so', () => {
    const request = { others: { verbosity: 'low' } };
    expect(() => write(request)).toThrow(UnsupportedParamsError);
    expect(bodyOf(request, target(undefined, { drop: true }))).toEqual(bodyOf({}));
    expect(bodyOf(request, target(undefined, { allow: ['verbosity'] }))['verbosity']).toBe('low');
  });
});

describe('parameters in Google’s own words', () => {
  it('find their place in either spelling, and win', () => {
    const extras = {
      generationConfig: { temperature: 0.5, responseModalities: ['TEXT'] },
      media_resolution: 'MEDIA_RESOLUTION_LOW',
      safetySettings: [],
      labels: { team: 'a' },
      tool_config: { retrieval_config: { latLng: { latitude: 1, longitude: 2 } } },
      nothing: null,
    };
    expect(bodyOf({ temperature: 1, extras })).toEqual({
      contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
      generationConfig: { temperature: 0.5, responseModalities: ['TEXT'], mediaResolution: 'MEDIA_RESOLUTION_LOW' },
      toolConfig: { retrievalConfig: { latLng: { latitude: 1, longitude: 2 } } },
      safetySettings: [],
      labels: { team: 'a' },
    });
  });

  it('that are not known go as they came', () => {
    expect(bodyOf({ extras: { brand_new: 1 } })['brand_new']).toBe(1);
  });
});

it('the highest resolution that was asked for holds for all media of older models', () => {
  const image = (detail: string) => ({
    type: 'media' as const,
    kind: 'image' as const,
    source: { type: 'data' as const, data: 'AAAA' },
    detail,
  });
  const resolutionFor = (...details: string[]): unknown => configOf({ messages: [user(...details.map(image))] })['mediaResolution'];
  expect(resolutionFor('low', 'high')).toBe('MEDIA_RESOLUTION_HIGH');
  expect(resolutionFor('ultra_high')).toBe('MEDIA_RESOLUTION_HIGH');
  expect(resolutionFor('low', 'auto')).toBe('MEDIA_RESOLUTION_LOW');
  expect(resolutionFor('auto')).toBeUndefined();
});

import { describe, expect, test } from 'vitest';
import { UnsupportedParamsError } from '../../src/core/errors.ts';
import { readChatRequest } from '../../src/dialects/openai/chat/request.ts';
import { checkParams, presentParams } from '../../src/dialects/params.ts';
import { target } from './targets.ts';

const SUPPORTED = new Set(['temperature']);

describe('parameters that a provider cannot take', () => {
  test('what a request sets has wire names', () => {
    const body = {
      messages: [],
      temperature: 0,
      max_completion_tokens: 5,
      tools: [],
      stop: 'x',
      reasoning_effort: 'low',
      thinking: { type: 'enabled' },
      verbosity: 'low',
      top_k: 4,
      num_ctx: 1,
    };
    expect(presentParams(readChatRequest(body, 'm')).sort()).toEqual([
      'max_tokens',
      'reasoning_effort',
      'stop',
      'temperature',
      'thinking',
      'tools',
      'verbosity',
    ]);
  });

  test('are refused by name', () => {
    const attempt = () => checkParams(['temperature', 'seed', 'n'], SUPPORTED, target('p', 'm'));
    expect(attempt).toThrow(UnsupportedParamsError);
    expect(attempt).toThrow(/p does not support parameters: \["seed","n"\], for model=m/);
  });

  test('are left out when the policy drops, save for those it allows', () => {
    expect(checkParams(['temperature', 'seed', 'n'], SUPPORTED, target('p', 'm', { drop: true, allow: ['n'] }))).toEqual(new Set(['seed']));
    expect(checkParams(['n'], SUPPORTED, target('p', 'm', { allow: ['n'] }))).toEqual(new Set());
  });
});

import { describe, expect, test } from 'vitest';
import { questionAt } from '../../src/exchange/question.ts';
import type { Upstream } from '../../src/exchange/upstream.ts';
import { EgressPolicy } from '../../src/providers/egress.ts';
import { resolve } from '../providers/resolving.ts';

const egress = new EgressPolicy({ resolve: () => Promise.resolve([]), ownPorts: () => [4000], ownHosts: () => [] });

function upstreamOf(model: string, base?: string): Upstream {
  const resolved = resolve({ model, api_key: 'a-secret-key', ...(base === undefined ? {} : { api_base: base }) });
  return { resolved, tls: false, shownBase: '', secrets: [], params: { drop: false, allow: [], modify: false }, defaults: {}, defaultTexts: new Map(), defaultsText: '', privateMedia: false, endpoints: new Map() }; // prettier-ignore
}

const at = (address: string, upstream: Upstream, domain?: string) =>
  questionAt(address, {}, upstream, domain === undefined ? {} : { domain }, egress);

const replicate = upstreamOf('replicate/owner/name');
const bfl = upstreamOf('bfl/flux-dev');

describe('the key', () => {
  test('what a job sends goes to the provider alone', () => {
    const ask = (address: string) => questionAt(address, { send: { audio: 'mine' } }, replicate, {}, egress);
    const question = ask('/predictions');
    expect(question).toMatchObject({ method: 'POST', body: Buffer.from('{"audio":"mine"}') });
    expect(question.headers).toMatchObject({ authorization: 'Bearer a-secret-key', 'content-type': 'application/json' });
    expect(() => ask('https://elsewhere.example/predictions')).toThrow('must not be called');
  });

  test.each([
    ['https://api.replicate.com/v1/predictions/p1', replicate, undefined],
    ['/predictions/p1', replicate, undefined],
    ['https://api.eu1.bfl.ai/v1/get_result?id=1', bfl, 'bfl.ai'],
    ['https://bfl.ai/x', bfl, 'bfl.ai'],
  ] as const)('goes to %s', (address, upstream, domain) => {
    const question = at(address, upstream, domain);
    expect(Object.values(question.headers).join()).toContain('a-secret-key');
    expect(question).not.toHaveProperty('stranger');
    expect(question.tls).toBe(false);
  });

  test.each([
    ['https://stream.replicate.com/v1/predictions/p1', replicate, undefined],
    ['https://api.replicate.com.evil.example/v1', replicate, undefined],
    ['https://api.replicate.com:8443/v1', replicate, undefined],
    ['http://api.replicate.com/v1', replicate, undefined],
    ['https://evilbfl.ai/x', bfl, 'bfl.ai'],
    ['http://api.eu1.bfl.ai/x', bfl, 'bfl.ai'],
    ['https://api.eu1.bfl.ai:444/x', bfl, 'bfl.ai'],
    ['https://api.bfl.ai.evil.example/x', bfl, 'bfl.ai'],
    ['https://api.eu1.bfl.ai/x', upstreamOf('bfl/flux-dev', 'https://proxy.example/v1'), 'bfl.ai'],
  ] as const)('does not go to %s', (address, upstream, domain) => {
    const question = at(address, upstream, domain);
    expect(question).toMatchObject({ stranger: true, tls: true, method: 'GET', body: null });
    expect(question.headers).toEqual({ accept: 'application/json', 'user-agent': 'llm-gateway' });
  });
});

test.each([
  'http://127.0.0.1:9/x',
  'http://10.1.2.3/x',
  'http://[::1]/x',
  'http://169.254.169.254/latest',
  'http://localhost:4000/x',
  'https://user:pass@public.example/x',
  'file:///etc/passwd',
  'ftp://public.example/x',
  '//10.0.0.1/x',
  'supervisor',
  '',
])('%s is not asked', (address) => {
  expect(() => at(address, replicate)).toThrow('must not be called');
});

test('a path stays below the base, whatever stands in it', () => {
  expect(at('/tasks/../../../keys', upstreamOf('runwayml/gen4_image')).origin).toBe('https://api.dev.runwayml.com');
});

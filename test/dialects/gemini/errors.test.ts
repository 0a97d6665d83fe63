import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ProviderError } from '../../../src/core/provider-error.ts';
import { gemini } from './hub.ts';

const bodyOf = (name: string): string => readFileSync(new URL(`../../fixtures/wire/gemini/${name}/response.json`, import.meta.url), 'utf8');
const read = (status: number, body: string, headers: Record<string, string> = {}): ProviderError => gemini.error({ status, headers, body });

describe('an error of the provider', () => {
  it.each([
    ['error-400', 400, 400, 'BadRequestError', false],
    ['error-bad-key', 400, 401, 'AuthenticationError', false],
    ['error-403', 403, 403, 'PermissionDeniedError', false],
    ['error-404', 404, 404, 'NotFoundError', false],
    ['error-429', 429, 429, 'RateLimitError', true],
    ['error-500', 500, 500, 'InternalServerError', true],
    ['error-503', 503, 503, 'ServiceUnavailableError', true],
    ['error-504', 504, 504, 'Timeout', true],
    ['error-context-window', 400, 400, 'ContextWindowExceededError', false],
  ])('%s keeps its words and its status word', (name, status, forClient, errorClass, retryable) => {
    const body = bodyOf(name);
    const { error } = JSON.parse(body) as { error: { status: string; message: string } };
    const expected = { status: forClient, retryable, failure: { class: errorClass, message: error.message, type: error.status } };
    expect(read(status, body)).toMatchObject(expected);
    expect(read(status, `[${body}]`)).toMatchObject(expected);
  });

  it('says how long to wait, and keeps what it says of the quota', () => {
    expect(read(429, bodyOf('error-429')).failure).toMatchObject({
      retryAfterMs: 12_500,
      fields: { details: [{ violations: [{ quotaValue: '10' }] }, { retryDelay: '12.5s' }] },
    });
    expect(read(429, bodyOf('error-429'), { 'retry-after': '3' }).failure.retryAfterMs).toBe(3000);
    expect(read(503, bodyOf('error-503')).failure).not.toHaveProperty('retryAfterMs');
  });

  it.each([
    ['INVALID_ARGUMENT', 400],
    ['UNAUTHENTICATED', 401],
    ['PERMISSION_DENIED', 403],
    ['NOT_FOUND', 404],
    ['RESOURCE_EXHAUSTED', 429],
    ['UNAVAILABLE', 503],
    ['DEADLINE_EXCEEDED', 504],
    ['A_NEW_WORD', 500],
  ])('inside a 200 means the status of its word: %s', (status, expected) => {
    expect(read(200, JSON.stringify({ error: { message: 'No.', status } })).status).toBe(expected);
    expect(read(200, JSON.stringify({ error: { message: 'No.', status, code: 418 } })).status).toBe(418);
  });

  it('tells an expired key by its reason', () => {
    const error = {
      code: 400,
      message: 'API key expired. Please renew the API key.',
      status: 'INVALID_ARGUMENT',
      details: [{ reason: 'API_KEY_INVALID' }],
    };
    expect(read(400, JSON.stringify({ error }))).toMatchObject({ status: 401, failure: { code: 'API_KEY_INVALID' } });
  });

  it('is readable when a proxy made it', () => {
    expect(read(502, '<html><style>p{}</style><body><h1>502 Bad Gateway</h1></body></html>').message).toBe('502 Bad Gateway');
    expect(read(500, '{"error":"upstream died"}').message).toBe('upstream died');
    expect(read(503, '').message).toBe('The provider answered with status 503.');
  });

  it('shows no key', () => {
    const key = `AIza${'Sy'.repeat(18)}`;
    expect(read(400, JSON.stringify({ error: { message: `bad key ${key}`, details: [{ key }] } })).message).not.toContain(key);
    expect(JSON.stringify(read(400, JSON.stringify({ error: { message: 'bad', details: [{ key }] } })).failure)).not.toContain(key);
  });
});

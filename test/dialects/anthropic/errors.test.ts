import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ProviderError } from '../../../src/core/provider-error.ts';
import { anthropic } from '../../../src/dialects/anthropic/index.ts';

const bodyOf = (name: string): string =>
  readFileSync(new URL(`../../fixtures/wire/anthropic/${name}/response.json`, import.meta.url), 'utf8');
const read = (status: number, body: string, headers: Record<string, string> = {}): ProviderError =>
  anthropic.error({ status, headers, body });

describe('an error of the provider', () => {
  it.each([
    ['error-400', 400, 400, 'BadRequestError', false],
    ['error-401', 401, 401, 'AuthenticationError', false],
    ['error-403', 403, 403, 'PermissionDeniedError', false],
    ['error-404', 404, 404, 'NotFoundError', false],
    ['error-413', 413, 413, 'BadRequestError', false],
    ['error-429', 429, 429, 'RateLimitError', true],
    ['error-500', 500, 500, 'InternalServerError', true],
    ['error-529', 529, 529, 'InternalServerError', true],
    ['error-context-window', 400, 400, 'ContextWindowExceededError', false],
    ['error-content-policy', 400, 400, 'ContentPolicyViolationError', false],
  ])('%s keeps its status, its words and its type', (name, status, forClient, errorClass, retryable) => {
    const body = bodyOf(name);
    const { error } = JSON.parse(body) as { error: { type: string; message: string } };
    expect(read(status, body)).toMatchObject({
      status: forClient,
      retryable,
      failure: { class: errorClass, message: error.message, type: error.type },
    });
  });

  it('says how long to wait, and keeps the headers of its limits', () => {
    const headers = { 'retry-after': '12', 'anthropic-ratelimit-requests-remaining': '0' };
    expect(read(429, bodyOf('error-429'), headers).failure).toMatchObject({ retryAfterMs: 12_000, headers });
  });

  it.each([
    ['invalid_request_error', 400],
    ['authentication_error', 401],
    ['billing_error', 402],
    ['permission_error', 403],
    ['not_found_error', 404],
    ['request_too_large', 413],
    ['rate_limit_error', 429],
    ['api_error', 500],
    ['timeout_error', 504],
    ['overloaded_error', 529],
    ['a_new_error', 500],
  ])('without a status means the one of its type: %s', (type, status) => {
    expect(read(200, JSON.stringify({ type: 'error', error: { type, message: 'No.' } })).status).toBe(status);
  });

  it('is readable when a proxy made it', () => {
    expect(read(502, '<html><head><style>p{}</style></head><body><h1>502 Bad Gateway</h1></body></html>').message).toBe('502 Bad Gateway');
    expect(read(500, '{"error":"upstream died"}').message).toBe('upstream died');
    expect(read(500, '{"message":"upstream died"}').message).toBe('upstream died');
    expect(read(503, '').message).toBe('The provider answered with status 503.');
  });

  it('shows no key', () => {
    expect(read(401, '{"error":{"type":"authentication_error","message":"bad key sk-ant-api03-abcdefghijklmnop"}}').message).not.toContain(
      'abcdefghijklmnop',
    );
  });
});

import { expect, test } from 'vitest';
import { signed } from '../../../src/providers/aws/sigv4.ts';

const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', sessionToken: null };
const SCOPE = { region: 'us-east-1', service: 'service' };
const NOW = Date.parse('2015-08-30T12:36:00.250Z');

function sign(method: string, path: string, headers: Record<string, string> = {}, body = ''): Readonly<Record<string, string>> {
  return signed({ method, origin: 'https://example.amazonaws.com', path, headers, body: Buffer.from(body) }, KEYS, SCOPE, NOW);
}

/** The published suite of requests and the signatures that they must get. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-test-suite.html (2026-11-26) */
test.each([
  ['GET', '/', {}, '', 'host;x-amz-date', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  ['POST', '/', {}, '', 'host;x-amz-date', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
  ['GET', '/?Param2=value2&Param1=value1', {}, '', 'host;x-amz-date', 'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500'],
  ['GET', '/ሴ', {}, '', 'host;x-amz-date', '8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85'],
  [
    'POST',
    '/',
    { 'content-type': 'application/x-www-form-urlencoded' },
    'Param1=value1',
    'content-type;host;x-amz-date',
    'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
  ],
])('%s %s of the published suite gets its signature', (method, path, headers, body, names, signature) => {
  const { authorization, 'x-amz-date': date } = sign(method, path, headers, body);
  expect(date).toBe('20150830T123600Z');
  expect(authorization).toBe(
    `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=${names}, Signature=${signature}`,
  );
});

test('headers that may be changed on the way are not covered, and all are kept', () => {
  const { authorization, ...headers } = sign('POST', '/', {
    accept: '*/*',
    'user-agent': 'llm-gateway',
    'x-amzn-note': '1',
    'x-amz-note': ' a  b ',
  });
  expect(headers).toEqual({
    accept: '*/*',
    'user-agent': 'llm-gateway',
    'x-amzn-note': '1',
    'x-amz-note': ' a  b ',
    'x-amz-date': '20150830T123600Z',
  });
  expect(authorization).toContain('SignedHeaders=host;x-amz-date;x-amz-note,');
});

test('a session token is sent and covered', () => {
  const request = { method: 'POST', origin: 'https://example.amazonaws.com', path: '/', headers: {}, body: Buffer.alloc(0) };
  const headers = signed(request, { ...KEYS, sessionToken: 'token' }, SCOPE, NOW);
  expect(headers['x-amz-security-token']).toBe('token');
  expect(headers['authorization']).toContain('SignedHeaders=host;x-amz-date;x-amz-security-token,');
});

test.each(['another body', 'another path', 'another host', 'another time'])('%s has another signature', (what) => {
  const request = { method: 'POST', origin: 'https://example.amazonaws.com', path: '/a', headers: {}, body: Buffer.from('{}') };
  const other = {
    ...request,
    ...(what === 'another body' ? { body: Buffer.from('{ }') } : {}),
    ...(what === 'another path' ? { path: '/%61' } : {}),
    ...(what === 'another host' ? { origin: 'https://example.amazonaws.com:8443' } : {}),
  };
  const signature = (one: typeof request, now: number): string | undefined =>
    signed(one, KEYS, SCOPE, now)['authorization']?.split('Signature=')[1];
  expect(signature(other, what === 'another time' ? NOW + 1000 : NOW)).not.toBe(signature(request, NOW));
});

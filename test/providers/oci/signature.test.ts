import { createHash, createPrivateKey, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { signed } from '../../../src/providers/oci/signature.ts';
import { membersIn, newSigningKey } from './signing-key.ts';

const { pem, publicKey } = newSigningKey();
const KEY = { id: 'ocid1.tenancy.oc1..t/ocid1.user.oc1..u/20:3b:97', key: createPrivateKey(pem) };
const ORIGIN = 'https://inference.generativeai.us-chicago-1.oci.oraclecloud.com';
const NOW = Date.parse('2014-01-05T21:31:40.500Z');
const BODY = Buffer.from('{"compartmentId":"c","text":"Grüße"}');

function sign(over: Partial<Parameters<typeof signed>[0]> = {}): Readonly<Record<string, string>> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  return signed({ method: 'POST', origin: ORIGIN, path: '/20231130/actions/chat', headers, body: BODY, ...over }, KEY, NOW);
}

/** Whether the signature is one of the text, by the public half of the key. */
function isOf(text: string, { authorization = '' }: Readonly<Record<string, string>>): boolean {
  return verify('sha256', Buffer.from(text), publicKey, Buffer.from(membersIn(authorization)['signature'] ?? '', 'base64'));
}

test('a request with a body is signed over its target, date, host, digest, type and length', () => {
  const headers = sign();
  expect(headers).toMatchObject({ date: 'Sun, 05 Jan 2014 21:31:40 GMT', accept: 'application/json', 'content-type': 'application/json' });
  expect(headers['x-content-sha256']).toBe(createHash('sha256').update(BODY).digest('base64'));
  expect(membersIn(headers['authorization'] ?? '')).toMatchObject({
    version: '1',
    keyId: 'ocid1.tenancy.oc1..t/ocid1.user.oc1..u/20:3b:97',
    algorithm: 'rsa-sha256',
    headers: '(request-target) date host x-content-sha256 content-type content-length',
  });
  expect(headers['authorization']).toMatch(/^Signature version="1",keyId="/);
  const text = [
    '(request-target): post /20231130/actions/chat',
    'date: Sun, 05 Jan 2014 21:31:40 GMT',
    'host: inference.generativeai.us-chicago-1.oci.oraclecloud.com',
    `x-content-sha256: ${headers['x-content-sha256']}`,
    'content-type: application/json',
    `content-length: ${BODY.length}`,
  ].join('\n');
  expect(isOf(text, headers)).toBe(true);
  expect(isOf(text.replace('chat', 'chats'), headers)).toBe(false);
});

test('a request without one is signed over its target, date and host alone', () => {
  const headers = sign({ method: 'GET', path: '/20231130/models?page=a%20b&limit=5', body: Buffer.alloc(0), headers: {} });
  expect(headers).not.toHaveProperty('x-content-sha256');
  expect(membersIn(headers['authorization'] ?? '')['headers']).toBe('(request-target) date host');
  const text = `(request-target): get /20231130/models?page=a%20b&limit=5\ndate: ${headers['date']}\nhost: ${new URL(ORIGIN).host}`;
  expect(isOf(text, headers)).toBe(true);
});

test('a port that is not the usual one is part of the host', () => {
  const headers = sign({ method: 'GET', origin: 'http://127.0.0.1:8080', path: '/a' });
  expect(isOf(`(request-target): get /a\ndate: ${headers['date']}\nhost: 127.0.0.1:8080`, headers)).toBe(true);
});

test('what has no type is signed and sent as JSON', () => {
  expect(sign({ headers: {} })['content-type']).toBe('application/json');
});

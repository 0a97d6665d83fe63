import { expect, test } from 'vitest';
import { endpointUrl } from '../../src/providers/endpoint.ts';

test.each([
  ['https://h/v1', '/chat/completions', 'https://h/v1/chat/completions'],
  ['https://h/v1/', '/embeddings', 'https://h/v1/embeddings'],
  ['https://h', '/v1/messages', 'https://h/v1/messages'],
  ['https://h/v1', '/v1/messages', 'https://h/v1/messages'],
  ['https://h/av1', '/v1/messages', 'https://h/av1/v1/messages'],
  ['http://h:1/api', '/api/chat', 'http://h:1/api/chat'],
  ['https://h', '/v1beta/models/m:generateContent', 'https://h/v1beta/models/m:generateContent'],
  ['https://h/v1beta/', '/v1beta/models/m:generateContent', 'https://h/v1beta/models/m:generateContent'],
  ['https://h/v1', '/v1beta/models/m:generateContent', 'https://h/v1/models/m:generateContent'],
  ['https://h/v1beta?k=1', '/v1beta/models/m:streamGenerateContent?alt=sse', 'https://h/v1beta/models/m:streamGenerateContent?k=1&alt=sse'],
  ['https://h/v2', '/v2/chat', 'https://h/v2/chat'],
  ['https://h/some/v2/chat', '/v2/chat', 'https://h/some/v2/chat'],
  ['https://h/chat', '/chat/completions', 'https://h/chat/chat/completions'],
  ['https://h/v1/chat/completions', '/chat/completions', 'https://h/v1/chat/completions'],
  ['https://h/v1/chat/completions/?k=1', '/chat/completions', 'https://h/v1/chat/completions/?k=1'],
  ['https://h/v1?k=1', '/chat/completions', 'https://h/v1/chat/completions?k=1'],
  ['https://h/openai/deployments/d/embeddings?api-version=1', '/embeddings', 'https://h/openai/deployments/d/embeddings?api-version=1'],
  ['https://h/v1?model=a&k=1', '/listen?model=b&keyterm=x&keyterm=y', 'https://h/v1/listen?k=1&model=b&keyterm=x&keyterm=y'],
])('%s and %s make %s', (base, path, url) => {
  expect(endpointUrl(base, path).href).toBe(url);
});

test('query parameters are added', () => {
  expect(endpointUrl('https://h/v1', '/embeddings', { 'api-version': 'preview' }).href).toBe('https://h/v1/embeddings?api-version=preview');
});

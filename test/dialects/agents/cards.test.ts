import { expect, test } from 'vitest';
import { notesOf, readCard, whyNotAsked } from '../../../src/dialects/agents/a2a-card.ts';

test('the older version names one way by itself, and others beside it', () => {
  const card = readCard({
    name: 'A',
    url: 'u',
    protocolVersion: '0.3.0',
    preferredTransport: 'GRPC',
    additionalInterfaces: [{ url: 'v', transport: 'JSONRPC' }],
  });
  expect(card?.ways).toEqual([
    { binding: 'GRPC', version: '0.3.0' },
    { binding: 'JSONRPC', version: '0.3.0' },
  ]);
  expect(card && whyNotAsked(card, {})).toBeNull();
  expect(card && whyNotAsked(card, { a2a_version: '1.0' })).toBe('A speaks version 0.3.0 of A2A: take a2a_version out.');
  expect(readCard({ name: 'A', url: 'u' })?.ways).toEqual([{ binding: 'JSONRPC', version: '' }]);
});

test('an agent of both versions is asked in either', () => {
  const ways = ['0.3', '1.0'].map((protocolVersion) => ({ protocolBinding: 'JSONRPC', protocolVersion }));
  const card = readCard({ name: 'A', supportedInterfaces: ways });
  expect(card && [whyNotAsked(card, {}), whyNotAsked(card, { a2a_version: 1 })]).toEqual([null, null]);
  expect(card && notesOf(card, {})).toHaveLength(1);
});

test('what has no name, or nothing that an agent has, is no card', () => {
  for (const odd of [null, [], 'x', {}, { name: '', url: 'u' }, { name: 'A' }, { name: 5, skills: [] }]) expect(readCard(odd)).toBeNull();
});

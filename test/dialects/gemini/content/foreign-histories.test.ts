import { describe, expect, test } from 'vitest';
import { mendedContents } from '../../../../src/dialects/gemini/content/mended-contents.ts';
import { isForeign, sealed, unsealed } from '../../../../src/dialects/gemini/content/sealed.ts';

const FLASH_2 = { model: 'gemini-2.5-flash' };
const FLASH_3 = { model: 'gemini-3-flash-preview' };
const FOREIGN = sealed('anthropic', 'signed', 'EqQB+/=');
const HI = { role: 'user', parts: [{ text: 'Hi' }] };
const call = (more: object = {}) => ({ functionCall: { name: 'f', args: {} }, ...more });

describe('a proof of another provider', () => {
  test.each([
    ['anthropic', 'signed', 'EqQB+/='],
    ['openai', 'hidden', 'gAAAA:with:colons'],
    ['bedrock', 'signed', 'ü🙂'],
  ] as const)('comes back as it was: %s', (origin, kind, proof) => {
    const signature = sealed(origin, kind, proof);
    expect(isForeign(signature)).toBe(true);
    expect(Buffer.from(signature, 'base64').toString('base64')).toBe(signature);
    expect(unsealed(signature)).toEqual({ origin, kind, proof });
    // Clients that keep bytes write the other alphabet.
    expect(unsealed(Buffer.from(signature, 'base64').toString('base64url'))).toEqual({ origin, kind, proof });
  });

  test('is never taken for one of Google’s', () => {
    expect(sealed('gemini', 'signed', 'Y2FsbA==')).toBe('Y2FsbA==');
    expect(isForeign('Y2FsbA==')).toBe(false);
    expect(unsealed('Y2FsbA==')).toEqual({ origin: 'gemini', kind: 'signed', proof: 'Y2FsbA==' });
  });
});

describe('on the way to Google', () => {
  test('a history of its own passes', () => {
    const own = [HI, { role: 'model', parts: [call({ thoughtSignature: 'c2ln' }), call()] }, { role: 'model', parts: [call()] }, HI];
    expect(mendedContents(own, FLASH_3)).toBeNull();
    expect(mendedContents([HI, { role: 'model', parts: [call()] }], FLASH_2)).toBeNull();
    for (const odd of [undefined, 'Hi', { role: 'user' }, [null, 5, { role: 'model' }]]) expect(mendedContents(odd, FLASH_3)).toBeNull();
  });

  test('thoughts that another provider signed are left out, and turns of nothing else', () => {
    const thought = { text: 'hm', thought: true, thoughtSignature: FOREIGN };
    const contents = [
      HI,
      { role: 'model', parts: [thought] },
      { role: 'model', parts: [{ text: '', thought: true, thought_signature: FOREIGN }, { text: 'Yes' }] },
    ];
    expect(mendedContents(contents, FLASH_2)).toEqual([HI, { role: 'model', parts: [{ text: 'Yes' }] }]);
  });

  test.each(['functionCall', 'function_call'])('calls that nobody signed say so once a turn, where signatures are wanted (%s)', (name) => {
    const made = { [name]: { name: 'f' } };
    const turn = [
      { role: 'model', parts: [{ text: 'a' }, made, made] },
      { role: 'model', parts: [made] },
    ];
    const mended = mendedContents([HI, ...turn, HI, turn[1]], FLASH_3) as { parts: { thoughtSignature?: string }[] }[];
    const signed = mended.map(({ parts }) => parts.map(({ thoughtSignature }) => thoughtSignature !== undefined));
    expect(signed).toEqual([[false], [false, true, false], [false], [false], [true]]);
  });
});

test('Vertex AI gets a role in every turn, and calls and results without ids', () => {
  const made = { functionCall: { id: '1', name: 'f', args: { id: 'own' } }, thoughtSignature: 'c2ln' };
  const result = { function_response: { id: '1', name: 'f', response: { id: 'own' } } };
  const vertex = { model: 'gemini-3-flash-preview', host: 'vertex' } as const;
  expect(
    mendedContents([{ parts: [{ text: 'Hi' }] }, { role: 'model', parts: [made] }, { role: 'user', parts: [result] }], vertex),
  ).toEqual([
    { role: 'user', parts: [{ text: 'Hi' }] },
    { role: 'model', parts: [{ functionCall: { name: 'f', args: { id: 'own' } }, thoughtSignature: 'c2ln' }] },
    { role: 'user', parts: [{ function_response: { name: 'f', response: { id: 'own' } } }] },
  ]);
  expect(mendedContents([HI, { role: 'model', parts: [{ functionCall: { name: 'f' }, thoughtSignature: 'c2ln' }] }], vertex)).toBeNull();
});

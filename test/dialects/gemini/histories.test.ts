import { describe, expect, it } from 'vitest';
import { assistant, bodyOf, call, contentsOf, fields, FLASH_3, result, system, target, user } from './hub.ts';

const THIRD = target(FLASH_3);

describe('system messages', () => {
  it('in front become the instruction, later ones are said by the user', () => {
    const body = bodyOf({ messages: [system('A'), { role: 'developer', parts: [{ type: 'text', text: 'B' }] }, user('Hi'), system('C')] });
    expect(body['systemInstruction']).toEqual({ parts: [{ text: 'A' }, { text: 'B' }] });
    expect(body['contents']).toEqual([{ role: 'user', parts: [{ text: 'Hi' }, { text: 'C' }] }]);
  });

  it('alone are what the user says', () => {
    const body = bodyOf({ messages: [system('Tell a joke.')] });
    expect(body).not.toHaveProperty('systemInstruction');
    expect(body['contents']).toEqual([{ role: 'user', parts: [{ text: 'Tell a joke.' }] }]);
  });

  it.each(['gemma-3-27b-it', 'gemini-2.0-flash-preview-image-generation'])('stand before the first question for %s', (model) => {
    const body = bodyOf({ messages: [system('Be brief.'), user('Hi')] }, target(model));
    expect(body).not.toHaveProperty('systemInstruction');
    expect(body['contents']).toEqual([{ role: 'user', parts: [{ text: 'Be brief.' }, { text: 'Hi' }] }]);
  });
});

describe('results of tools', () => {
  const responseTo = (text: string, more = {}): unknown => {
    const contents = contentsOf([user('Hi'), assistant(call('a')), result('a', text, more)]) as {
      parts: { functionResponse: { response: unknown } }[];
    }[];
    return contents[2]?.parts[0]?.functionResponse.response;
  };

  it.each([
    ['plain text', { content: 'plain text' }],
    ['{"a":1}', { a: 1 }],
    ['[1,2]', { content: '[1,2]' }],
    ['7', { content: '7' }],
    ['{"broken":', { content: '{"broken":' }],
    ['{"schema":{"$ref":"#/x"}}', { content: '{"schema":{"$ref":"#/x"}}' }],
    ['', { content: '' }],
  ])('%s is an object', (text, response) => {
    expect(responseTo(text)).toEqual(response);
  });

  it('that are errors say so', () => {
    expect(responseTo('no such lamp', { isError: true })).toEqual({ error: 'no such lamp' });
  });

  it('that are lost are replaced, and those without a call are dropped', () => {
    expect(contentsOf([user('Hi'), assistant(call('a'), call('b')), result('b'), result('z')])).toMatchObject([
      {},
      {},
      { parts: [{ functionResponse: { id: 'a', response: { content: '[tool result missing]' } } }, { functionResponse: { id: 'b' } }] },
    ]);
  });

  it('hold media since Gemini 3, and have them behind themselves before', () => {
    const picture = { type: 'media' as const, kind: 'image' as const, source: { type: 'data' as const, data: 'iVBORw0KGgo=' } };
    const history = [user('Look'), assistant(call('a')), result('a', 'seen', { parts: [{ type: 'text', text: 'seen' }, picture] })];
    const inlineData = { mimeType: 'image/png', data: 'iVBORw0KGgo=' };
    const plain = { id: 'a', name: 'f', response: { content: 'seen' } };
    expect(contentsOf(history, THIRD)).toMatchObject([{}, {}, { parts: [{ functionResponse: { ...plain, parts: [{ inlineData }] } }] }]);
    expect(contentsOf(history)).toMatchObject([{}, {}, { parts: [{ functionResponse: plain }, { inlineData }] }]);
  });

  it('of calls that share an id keep their order', () => {
    expect(contentsOf([user('Hi'), assistant(call('0', 'f'), call('0', 'g')), result('0', 'one'), result('0', 'two')])).toMatchObject([
      {},
      { parts: [{ functionCall: { id: '0' } }, { functionCall: { id: '0_2' } }] },
      {
        parts: [
          { functionResponse: { id: '0', name: 'f', response: { content: 'one' } } },
          { functionResponse: { id: '0_2', name: 'g', response: { content: 'two' } } },
        ],
      },
    ]);
  });
});

describe('signatures', () => {
  const callParts = (contents: unknown): unknown[] => (contents as { parts: unknown[] }[])[1]?.parts ?? [];

  it('that are lost are not asked of models before Gemini 3', () => {
    const [part] = callParts(contentsOf([user('Hi'), assistant(call('a')), result('a')]));
    expect(part).not.toHaveProperty('thoughtSignature');
  });

  it('of text go back on the text, further ones behind it', () => {
    const history = [user('Hi'), assistant('Hello', fields({ thought_signatures: ['s1', 's2'] })), user('And?')];
    expect(callParts(contentsOf(history, THIRD))).toEqual([
      { text: 'Hello', thoughtSignature: 's1' },
      { text: '', thoughtSignature: 's2' },
    ]);
  });

  it('of text stand beside those of calls', () => {
    const history = [user('Hi'), assistant('Wait', call('a', 'f', '{}', 'sc'), fields({ thought_signatures: ['st'] })), result('a')];
    expect(callParts(contentsOf(history, THIRD))).toMatchObject([
      { text: 'Wait', thoughtSignature: 'st' },
      { functionCall: { id: 'a' }, thoughtSignature: 'sc' },
    ]);
  });
});

it('thoughts of earlier turns stay behind', () => {
  const history = [user('Hi'), assistant({ type: 'reasoning', text: 'Hm.' }, 'Hello'), user('And?')];
  expect(JSON.stringify(contentsOf(history))).not.toContain('Hm.');
});

it('a history that begins with the model gets a question before it', () => {
  expect(contentsOf([assistant('Welcome'), user('Hi')])).toEqual([
    { role: 'user', parts: [{ text: '.' }] },
    { role: 'model', parts: [{ text: 'Welcome' }] },
    { role: 'user', parts: [{ text: 'Hi' }] },
  ]);
});

import { expect, it } from 'vitest';
import { answer, folded, write } from './hub.ts';

it('each passage is cited with its sources, by characters although Google counts bytes', () => {
  const { choices } = folded('search');
  const parts = choices[0]?.parts ?? [];
  const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const cited = parts.flatMap((part) =>
    part.type === 'citation' ? [[text.slice(part.start ?? 0, part.end ?? 0), part.url, part.title]] : [],
  );
  expect(cited).toEqual([
    ['Zürich hat 20°C.', 'https://example.com/a', 'a.example'],
    ['Morgen regnet es.', 'https://example.com/a', 'a.example'],
    ['Morgen regnet es.', 'https://example.com/b', 'b.example'],
    ['', 'https://example.com/c', 'c.example'],
  ]);
});

it('the whole of what Google tells of its search stands beside the answer', () => {
  expect(answer('search').choices[0]?.parts.at(-1)).toMatchObject({
    type: 'native',
    dialect: 'gemini',
    raw: {
      grounding_metadata: {
        webSearchQueries: ['Wetter Zürich', 'Wetter Zürich morgen'],
        searchEntryPoint: { renderedContent: '<div>Wetter Zürich</div>' },
      },
    },
  });
});

it('what the search read is input, and each query is counted', () => {
  expect(answer('search').usage).toMatchObject({ inputTokens: 110, outputTokens: 50, reasoningTokens: 30, webSearchRequests: 2 });
});

it('queries of a search beside functions are counted too', () => {
  const parts = [{ toolCall: { toolType: 'GOOGLE_SEARCH_WEB', args: { queries: ['a', 'b', 'c'] }, id: 'x' } }, { text: 'Hi' }];
  const read = write().answer({ candidates: [{ content: { parts }, finishReason: 'STOP' }], usageMetadata: { promptTokenCount: 1 } });
  expect(read.usage?.webSearchRequests).toBe(3);
});

it.each([
  ['a passage that is not where the numbers say is looked for', { startIndex: 1, endIndex: 3, text: 'world' }, { start: 6, end: 11 }],
  ['a passage that is nowhere has no place', { startIndex: 1, endIndex: 3, text: 'moon' }, {}],
  ['numbers beyond the text are no place', { startIndex: 90, endIndex: 95, text: 'x' }, {}],
  ['no segment is no place', null, {}],
])('%s', (_, segment, range) => {
  const groundingMetadata = {
    groundingChunks: [{ web: { uri: 'https://example.com' } }, { web: {} }, { maps: { uri: 'https://maps.example', title: 'Bar' } }],
    groundingSupports: [{ segment, groundingChunkIndices: [0, 1, 7, 'x'] }],
  };
  const content = { parts: [{ text: 'hello world' }] };
  const read = write().answer({ candidates: [{ content, finishReason: 'STOP', groundingMetadata }] });
  expect(read.choices[0]?.parts.filter(({ type }) => type === 'citation')).toEqual([
    { type: 'citation', url: 'https://example.com', ...range },
    { type: 'citation', url: 'https://maps.example', title: 'Bar' },
  ]);
});

import { describe, expect, test } from 'vitest';
import { eventData } from '../../panel/src/api/event-stream.ts';
import { codeOf, withShortPictures } from '../../panel/src/pages/playground/code.ts';
import { NO_SETTINGS, readSettings } from '../../panel/src/pages/playground/settings.ts';
import { Spoken } from '../../panel/src/pages/playground/spoken.ts';

describe('settings', () => {
  test('empty ones say nothing, so that the model decides', () => {
    expect(readSettings(NO_SETTINGS)).toEqual({ body: {}, errors: {} });
  });

  test('each becomes the member of its name', () => {
    const { body, errors } = readSettings({
      ...NO_SETTINGS,
      maxTokens: '4,096',
      temperature: '0,125',
      topP: '0.9',
      seed: '7',
      reasoning: 'low',
      stop: 'END\n\nSTOP',
      format: 'json_object',
      tools: '[{"type":"function","function":{"name":"f"}}]',
      toolChoice: 'required',
      more: '{"top_k": 40}',
    });
    expect(errors).toEqual({});
    expect(body).toEqual({
      max_tokens: 4096,
      temperature: 0.125,
      top_p: 0.9,
      seed: 7,
      reasoning_effort: 'low',
      stop: ['END', 'STOP'],
      response_format: { type: 'json_object' },
      tools: [{ type: 'function', function: { name: 'f' } }],
      tool_choice: 'required',
      top_k: 40,
    });
  });

  test.each([
    ['temperature', '2.5'],
    ['temperature', 'warm'],
    ['maxTokens', '1.5'],
    ['maxTokens', '0'],
    ['topP', '-1'],
    ['tools', '{'],
    ['tools', '{"type":"function"}'],
    ['tools', '[{"type":"function"}]'],
    ['more', '[1]'],
    ['more', 'top_k: 40'],
  ])('%s is marked when it is %s', (name, value) => {
    expect(Object.keys(readSettings({ ...NO_SETTINGS, [name]: value }).errors)).toEqual([name]);
  });
});

describe('events', () => {
  const EVENTS = 'data: {"a":"é"}\n\n: comment\n\nevent: x\r\ndata:two\r\n\r\ndata: [DONE]\n\n';

  test.each([1, 2, 3, 7, 1000])('are the same when the bytes come %i at a time', async (size) => {
    const bytes = new TextEncoder().encode(EVENTS);
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.slice(index * size, (index + 1) * size));
    const found: string[] = [];
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const piece of pieces) controller.enqueue(piece);
        controller.close();
      },
    });
    for await (const data of eventData(body)) found.push(...data);
    expect(found).toEqual(['{"a":"é"}', 'two', '[DONE]']);
  });
});

describe('the call as code', () => {
  const body = { model: "it's", messages: [{ role: 'user', content: 'Say "hi"\nand \\ more' }], top_k: 4, stream_options: null };

  test('curl keeps quotes apart from its own', () => {
    expect(codeOf('curl', 'http://gw/v1', body)).toContain(`"model": "it'\\''s"`);
    expect(codeOf('curl', 'http://gw/v1', body)).toContain('http://gw/v1/chat/completions');
  });

  test('Python writes its own words for null and true, and what the client does not know into extra_body', () => {
    const code = codeOf('python', 'http://gw/v1', { ...body, seed: 1 });
    expect(code).toContain('extra_body={\n        "top_k": 4,\n        "stream_options": None,\n    },');
    expect(code).toContain('    seed=1,\n');
    expect(code).toContain('"content": "Say \\"hi\\"\\nand \\\\ more"');
  });

  test('JavaScript is the body as JSON, streamed', () => {
    const given = /create\((\{.*\})\);/s.exec(codeOf('javascript', 'http://gw/v1', body))?.[1] ?? '';
    expect(JSON.parse(given)).toEqual({ ...body, stream: true });
  });

  test('no language holds a key', () => {
    for (const language of ['curl', 'python', 'javascript'] as const) expect(codeOf(language, 'http://gw/v1', body)).toContain('YOUR_KEY');
  });

  test('pictures are cut short', () => {
    const url = `data:image/png;base64,${'A'.repeat(5000)}`;
    expect(withShortPictures([{ url }, 'text'])).toEqual([{ url: 'data:image/png;base64,...' }, 'text']);
  });
});

describe('what is spoken', () => {
  const answer = (text: string, running: boolean) => ({ text, running });

  test('comes by sentence, each once, and the rest at the end', () => {
    const spoken = new Spoken();
    expect(spoken.next(answer('It is 3.5 kW', true))).toEqual([]);
    expect(spoken.next(answer('It is 3.5 kW. And **then', true))).toEqual(['It is 3.5 kW.']);
    expect(spoken.next(answer('It is 3.5 kW. And **then**:\n- milk\n- eg', true))).toEqual(['And then:', 'milk']);
    expect(spoken.next(answer('It is 3.5 kW. And **then**:\n- milk\n- eggs', false))).toEqual(['eggs']);
    expect(spoken.next(answer('It is 3.5 kW. And **then**:\n- milk\n- eggs', false))).toEqual([]);
  });
});

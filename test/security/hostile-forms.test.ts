import * as fc from 'fast-check';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { FORM_TYPE, form, head, send, type Part } from '../gateway/audio/forms.ts';
import { forEach, startSurface, type Surface } from './hostile-gateway.ts';
import { HOSTILE } from './hostile-values.ts';

/** The corpus of forms: any field, any bytes, any place to break off. */
let surface: Surface;

const LONG = 240_000;

beforeAll(async () => {
  surface = await startSurface();
});

afterEach(() => surface.expectUnharmed(), LONG);

afterAll(() => surface.stop());

async function ask(body: Buffer, context: string, headers: Record<string, string> = {}): Promise<number> {
  const answer = await send(surface.gateway, body, { headers });
  surface.judge(answer.status, await answer.text(), context);
  return answer.status;
}

const FILE: Part = ['file', 'sound', 'a.mp3', 'audio/mpeg'];

/** A form that uses everything there is. */
const FIELDS: readonly Part[] = [
  ['model', 'fast'],
  ['language', 'de'],
  ['prompt', 'Good evening'],
  ['response_format', 'json'],
  ['temperature', '0'],
  ['timestamp_granularities[]', 'word'],
  ['include[]', 'logprobs'],
  ['chunking_strategy', 'auto'],
  ['stream', 'false'],
  ['keywords[]', 'kitchen'],
  ['user', 'ann'],
  ['tags[]', 'a'],
  ['metadata', '{"tags": ["b"]}'],
  ['metadata[session_id]', 's'],
  ['litellm_metadata', '{"session_id": "s"}'],
  ['fallbacks[]', 'fast'],
  ['timeout', '5'],
  ['num_retries', '0'],
  ['drop_params', 'true'],
  ['additional_drop_params[]', 'user'],
  ['extra_headers', '{"x-a": "b"}'],
  ['mock_response', 'no'],
];

const TEXTS = HOSTILE.map((value) => (typeof value === 'string' ? value.toWellFormed() : JSON.stringify(value)));

test(
  'any text in any field is answered or refused, before and behind the file',
  async () => {
    const cases = FIELDS.flatMap(([name]) => TEXTS.map((text) => [name, text] as const));
    expect(cases.length).toBeGreaterThan(500);
    await forEach(cases, async ([name, text], index) => {
      const parts: Part[] = FIELDS.map((part) => (part[0] === name ? [name, text] : part));
      const at = [0, 1, parts.length][index % 3] ?? 0;
      await ask(form(...parts.toSpliced(at, 0, FILE)), `${name}=${text.slice(0, 100)}`);
    });
  },
  LONG,
);

test('any name is answered or refused', async () => {
  const names = ['', '__proto__', 'constructor[prototype][polluted]', 'metadata[__proto__][polluted]', 'tags[', 'a]b[', '[]', 'a'.repeat(10_000), '\u0000', 'model\u0000', 'naïve "quoted" name', 'litellm_x', 'toString']; // prettier-ignore
  for (const name of names) {
    await ask(form(['model', 'fast'], [name, 'yes'], FILE), name.slice(0, 50));
    await ask(form(['model', 'fast'], [name, 'sound', 'a.mp3'], FILE), name.slice(0, 50));
    await ask(form(['model', 'fast'], ['file', 'sound', name]), name.slice(0, 50));
  }
});

test(
  'a form that breaks off anywhere is refused, and never taken for a whole one',
  async () => {
    for (const parts of [
      [['model', 'fast'], FILE],
      [FILE, ['model', 'fast']],
    ] satisfies Part[][]) {
      const whole = form(...parts);
      // The line break at the very end belongs to nothing.
      const places = Array.from({ length: whole.length - 2 }, (_, length) => length);
      await forEach(places, async (length) => {
        expect(await ask(whole.subarray(0, length), `cut at ${length}`)).toBe(400);
      });
    }
    for (const { path, body } of surface.provider.seen)
      if (path.endsWith('/audio/transcriptions')) expect(body.toString('latin1')).toMatch(/--gateway-\w+--\r\n$/);
  },
  LONG,
);

test('any bytes are refused', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), fc.boolean(), async (bytes, begins) => {
      const body = Buffer.concat([begins ? head(FILE) : Buffer.alloc(0), Buffer.from(bytes)]);
      expect(await ask(body, 'bytes')).toBe(400);
    }),
    { numRuns: 200 },
  );
});

test.each([
  ['multipart/form-data', 400],
  ['multipart/form-data; boundary=', 400],
  [`multipart/form-data; boundary=${'b'.repeat(300)}`, 400],
  ['multipart/mixed; boundary=X-test-boundary', 400],
  ['application/x-www-form-urlencoded', 400],
  ['multipart/form-data; boundary="X-test-boundary"; charset=utf-8', 200],
  ['MULTIPART/FORM-DATA; BOUNDARY=X-test-boundary', 200],
])('a body that calls itself %s is answered by %i', async (type, status) => {
  expect(await ask(form(['model', 'fast'], FILE), type, { 'content-type': type })).toBe(status);
});

test.each([
  ['a part with many headers', `--X-test-boundary\r\n${'x-a: b\r\n'.repeat(5000)}\r\nx\r\n`],
  ['a part with a long header', `--X-test-boundary\r\ncontent-disposition: form-data; name="${'a'.repeat(100_000)}"\r\n\r\nx\r\n`],
  ['a part without a name', '--X-test-boundary\r\ncontent-disposition: form-data\r\n\r\nx\r\n'],
  ['a part without headers', '--X-test-boundary\r\n\r\nx\r\n'],
  ['many dashes', `${'--'.repeat(100_000)}\r\n`],
  ['the beginnings of many boundaries', '\r\n--X-test-boundar'.repeat(20_000)],
  ['lines without returns', '--X-test-boundary\ncontent-disposition: form-data; name="x"\n\ny\n'],
  [
    'a form in a form',
    '--X-test-boundary\r\ncontent-type: multipart/mixed; boundary=in\r\ncontent-disposition: form-data; name="x"\r\n\r\n--in\r\n\r\n--in--\r\n',
  ],
])('%s does no harm', async (_name, text) => {
  await ask(Buffer.concat([Buffer.from(text), form(['model', 'fast'], FILE)]), text.slice(0, 50));
  await ask(Buffer.concat([head(FILE), Buffer.from(`sound\r\n${text}`), form(['model', 'fast'])]), text.slice(0, 50));
});

test('more fields than any form needs, and longer ones, are refused', async () => {
  const many = Array.from({ length: 300 }, (_, index): Part => [`field${index}`, 'x']);
  expect(await ask(form(['model', 'fast'], ...many, FILE), 'many')).toBe(400);
  expect(await ask(form(FILE, ['model', 'fast'], ...many), 'many')).toBe(400);
  expect(await ask(form(['model', 'fast'], ['prompt', 'x'.repeat(1_100_000)], FILE), 'long')).toBe(400);
});

test('a form that is packed is refused by its name', async () => {
  expect(await ask(form(['model', 'fast'], FILE), 'packed', { 'content-encoding': 'gzip', 'content-type': FORM_TYPE })).toBe(400);
});

const PICTURE: Part = ['image[]', 'pixels', 'a.png', 'image/png'];
const EDIT_FIELDS: readonly Part[] = [['model', 'fast'], ['prompt', 'Blue'], ['n', '1'], ['size', '1024x1024'], ['quality', 'low'], ['response_format', 'b64_json'], ['partial_images', '1'], ['stream', 'false'], ['extra_body', '{"seed": 1}'], ['user', 'ann']]; // prettier-ignore

async function paint(body: Buffer, context: string): Promise<number> {
  const answer = await send(surface.gateway, body, { path: '/v1/images/edits' });
  surface.judge(answer.status, await answer.text(), context);
  return answer.status;
}

test(
  'any text in any field of a form with images is answered or refused',
  async () => {
    const cases = EDIT_FIELDS.flatMap(([name]) => TEXTS.map((text) => [name, text] as const));
    await forEach(cases, async ([name, text], index) => {
      const parts: Part[] = EDIT_FIELDS.map((part) => (part[0] === name ? [name, text] : part));
      const at = [0, 1, parts.length][index % 3] ?? 0;
      await paint(form(...parts.toSpliced(at, 0, PICTURE, ['mask', 'pixels', 'm.png'])), `${name}=${text.slice(0, 100)}`);
    });
  },
  LONG,
);

test(
  'a form with images that breaks off anywhere is refused, and never taken for a whole one',
  async () => {
    for (const parts of [
      [['model', 'fast'], PICTURE, ['prompt', 'Blue'], PICTURE],
      [PICTURE, ['mask', 'pixels', 'm.png'], ['model', 'fast']],
    ] satisfies Part[][]) {
      const whole = form(...parts);
      await forEach(
        Array.from({ length: whole.length - 2 }, (_, length) => length),
        async (length) => {
          expect(await paint(whole.subarray(0, length), `cut at ${length}`)).toBe(400);
        },
      );
    }
    for (const { path, body } of surface.provider.seen)
      if (path.endsWith('/images/edits')) expect(body.toString('latin1')).toMatch(/--gateway-\w+--\r\n$/);
  },
  LONG,
);

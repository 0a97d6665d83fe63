import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { FormWriter } from '../../../src/dialects/framing/multipart.ts';

const writer = new FormWriter('a-boundary-that-stands-nowhere');

async function read(...pieces: readonly Buffer[]): Promise<FormData> {
  return new Response(new Uint8Array(Buffer.concat(pieces)), { headers: { 'content-type': writer.contentType } }).formData();
}

test('any fields and any file are read again as they were written', async () => {
  const name = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => text.isWellFormed() && !/%(22|0[ad])/i.test(text));
  const value = fc.string({ unit: 'grapheme' }).filter((text) => text.isWellFormed());
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(name, value)), name, fc.uint8Array(), async (fields, filename, bytes) => {
      const head = writer.fileHead({ field: 'file', filename, contentType: 'audio/wav' });
      const data = await read(writer.fields(fields), head, Buffer.from(bytes), writer.fileEnd(), writer.end());
      const texts = [...data.entries()].filter((entry) => typeof entry[1] === 'string');
      expect(texts).toEqual(fields);
      const file = data.getAll('file').find((entry) => entry instanceof File);
      expect(file).toMatchObject({ name: filename, type: 'audio/wav' });
      expect(file instanceof File && new Uint8Array(await file.arrayBuffer())).toEqual(bytes);
    }),
  );
});

test('a name cannot break out of its header', async () => {
  const evil = 'a"; filename="b"\r\n\r\ninjected';
  const data = await read(writer.fields([[evil, 'value']]), writer.end());
  expect([...data.values()]).toEqual(['value']);
  const head = writer.fileHead({ field: 'file', filename: evil, contentType: 'audio/wav\r\nx-evil: 1' }).toString('latin1');
  expect(head.split('\r\n')).toHaveLength(5);
});

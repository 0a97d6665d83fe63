import { request as open, type ClientRequest, type IncomingMessage } from 'node:http';
import { silentWav, wavHead } from '../../../src/dialects/silence.ts';
import type { SeenRequest } from '../../support/fake-provider.ts';
import type { TestGateway } from '../../support/gateway.ts';

/** A second of silence in a form that tells its length. */
export const WAV = silentWav(1);

/** A recording of so many bytes; every one of them differs from its neighbours. */
export function recording(bytes: number): Buffer {
  const sound = Buffer.alloc(bytes - 44);
  for (let at = 0; at + 4 <= sound.length; at += 4) sound.writeUInt32LE((at * 2_654_435_761) % 4_294_967_296, at);
  return Buffer.concat([wavHead(sound.length, 16_000), sound]);
}

/** A file of a form, or a text field. */
export type Part = readonly [name: string, value: string | Buffer, filename?: string, type?: string];

const BOUNDARY = 'X-test-boundary';
export const FORM_TYPE = `multipart/form-data; boundary=${BOUNDARY}`;

/** A form as clients write it, in this order. */
export function form(...parts: readonly Part[]): Buffer {
  return Buffer.concat([...parts.flatMap((part) => [head(part), Buffer.from(part[1]), Buffer.from('\r\n')]), FORM_END]);
}

export const FORM_END = Buffer.from(`--${BOUNDARY}--\r\n`);

/** What stands before the bytes of a part. */
export function head([name, value, filename, type]: Part): Buffer {
  const isFile = filename !== undefined || Buffer.isBuffer(value);
  const more = isFile ? `; filename="${filename ?? 'audio.wav'}"\r\nContent-Type: ${type ?? 'audio/wav'}` : '';
  return Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n`);
}

/** Sends a form, whole. */
export function send(
  gateway: TestGateway,
  body: Buffer,
  {
    path = '/v1/audio/transcriptions',
    key = gateway.masterKey,
    headers = {},
  }: { path?: string; key?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
  return fetch(gateway.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': FORM_TYPE, ...headers },
    body: new Uint8Array(body),
  });
}

/** A request whose body is written by hand, piece by piece. */
export function begin(gateway: TestGateway, headers: Record<string, string> = {}): { request: ClientRequest; answer: Promise<Answer> } {
  const request = open(`${gateway.url}/v1/audio/transcriptions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.masterKey}`, 'content-type': FORM_TYPE, ...headers },
  });
  const answer = new Promise<Answer>((resolve, reject) => {
    request.on('error', reject);
    request.on('response', (response: IncomingMessage) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString('utf8') });
      });
    });
  });
  request.flushHeaders();
  // Whoever looks is told.
  answer.catch(() => undefined);
  return { request, answer };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** The form that a provider got: fields in their order, and the file. */
export async function received({ headers, body }: Pick<SeenRequest, 'headers' | 'body'>): Promise<{
  readonly fields: readonly (readonly [string, string])[];
  readonly file: { readonly name: string; readonly type: string; readonly bytes: Buffer };
  readonly order: readonly string[];
}> {
  const data = await new Response(new Uint8Array(body), { headers: { 'content-type': headers['content-type'] ?? '' } }).formData();
  const entries = [...data.entries()];
  const file = data.get('file');
  if (!(file instanceof File)) throw new Error('the provider got no file');
  return {
    fields: entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    file: { name: file.name, type: file.type, bytes: Buffer.from(await file.arrayBuffer()) },
    order: entries.map(([name]) => name),
  };
}

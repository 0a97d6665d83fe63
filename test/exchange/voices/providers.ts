import { FakeProvider, type Behaviour } from '../../support/fake-provider.ts';
import { WAV } from '../../gateway/audio/forms.ts';

/** Bytes that are no text. */
export const AUDIO = Buffer.from(Array.from({ length: 1024 }, (_, index) => (index * 7) % 256));

export const speaks =
  (headers: Record<string, string> = { 'content-type': 'audio/mpeg' }, bytes: Buffer = AUDIO): Behaviour =>
  (_request, response) => {
    response.writeHead(200, headers).end(bytes);
  };

/** A row of a configuration file. */
export function rowOf(name: string, model: string, base: string, more = ''): string {
  return `  - { model_name: ${name}, litellm_params: { model: "${model}", api_base: "${base}", api_key: ${SECRET}${more} } }\n`;
}

export const SECRET = 'a-secret-key-of-the-provider';

/** A second of silence as a client's file. */
export function silence(): File {
  return new File([new Uint8Array(WAV)], 'audio.wav', { type: 'audio/wav' });
}

export { FakeProvider };

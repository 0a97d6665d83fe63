import type { Deployment } from '../../core/deployment.ts';
import { JsonDocument } from '../../core/json-document.ts';
import type { JsonObject } from '../../core/json-object.ts';
import { silentWav } from '../../dialects/silence.ts';
import type { Call, Operation } from '../call.ts';
import { uploadOf } from '../upload.ts';
import type { Upstream } from '../upstream.ts';

/** Modes that a tiny call can try; the others cost too much. */
export const TRIED_MODES: Readonly<Record<string, Operation>> = {
  chat: 'chat',
  completion: 'completions',
  responses: 'chat',
  embedding: 'embeddings',
  audio_speech: 'speech',
  audio_transcription: 'transcription',
  rerank: 'rerank',
  moderation: 'moderations',
  image_generation: 'image_generation',
};

/** Modes whose smallest call costs real money: models of these are tried when somebody asks for one of them, and not with all others. */
export const DEAR_MODES: ReadonlySet<string> = new Set(['image_generation', 'image_edit']);

/** What a tiny call asks for: one word, two words to rank or to speak, a second of silence to hear, or a small image. */
export function tinyCall(
  deployment: Deployment<Upstream>,
  operation: Operation,
  fewTokens: number,
): Pick<Call, 'operation' | 'body' | 'stream' | 'upload'> {
  const body = JsonDocument.of({ model: deployment.group, ...membersFor(deployment, operation, fewTokens) });
  if (operation !== 'transcription') return { operation, body, stream: operation === 'speech' };
  return { operation, body, stream: false, upload: uploadOf(silentWav(1), 'silence.wav', 'audio/wav') };
}

function membersFor({ info, defaults, model }: Deployment<Upstream>, operation: Operation, fewTokens: number): JsonObject {
  switch (operation) {
    case 'messages':
    case 'responses':
    case 'generate':
    case 'chat':
      return { messages: [{ role: 'user', content: 'ping' }], max_tokens: mostTokens(info, fewTokens) };
    case 'completions':
      return { prompt: 'ping', max_tokens: mostTokens(info, fewTokens) };
    case 'moderations':
    case 'embeddings':
    case 'embed':
      return { input: 'ping' };
    case 'speech':
      return { input: 'Good evening', voice: voiceOf(info['health_check_voice'], defaults['voice']) };
    case 'rerank':
      return { query: 'ping', documents: ['ping', 'pong'] };
    case 'image_generation':
    case 'image_edit':
      return { prompt: 'a grey circle', n: 1, ...smallImage(model) };
    case 'transcription':
      return {};
  }
}

function mostTokens(info: JsonObject, fewTokens: number): number {
  const most = Number(info['health_check_max_tokens']);
  return most > 0 ? most : fewTokens;
}

/** Voices are the provider's own: `alloy` is OpenAI's, and what most servers at home know as well. */
function voiceOf(...wanted: readonly unknown[]): unknown {
  return wanted.find((voice) => voice !== undefined && voice !== null && voice !== '') ?? 'alloy';
}

/** The cheapest image of models that make them in several sizes and qualities. */
function smallImage(model: string): JsonObject {
  if (/gpt-image/.test(model)) return { size: '1024x1024', quality: 'low' };
  return /dall-e-2/.test(model) ? { size: '256x256' } : {};
}

import type { DialectName } from '../core/dialect.ts';

/** What names say of a model's use where nothing else does. */
const MODES: readonly (readonly [RegExp, string])[] = [
  [/rerank/, 'rerank'],
  [/embed|^voyage-|(^|[-/])(bge|gte|e5)-|minilm/, 'embedding'],
  [/whisper|transcri|-stt|deepgram\/(?:nova|flux)/, 'audio_transcription'],
  [/(^|[-/])tts([-.]|$)|melotts|deepgram\/aura|speech|voice|kokoro/, 'audio_speech'],
  [/dall-e|gpt-image|imagen|flux|stable-diffusion|-image(-|$)/, 'image_generation'],
  [/(^|[-/])(sora|veo)-/, 'video_generation'],
  [/realtime/, 'realtime'],
  [/moderation/, 'moderation'],
  [/gpt-3(\.?)5-turbo-instruct|(^|[-/:])(davinci|babbage)-002/, 'completion'],
];

/** Models that write down what they hear, among those of providers that only hear and speak. */
const HEARS = /scribe|^nova|whisper|^flux|^(?:base|enhanced)(?:-|$)|^ink|transcri|stt|asr|^solaria|^machine$|^low_cost$|^fusion$/;

/**
 * `chat`, `embedding`, `image_generation` ...: what a model of this name is most likely for.
 *
 * @param dialect in which it is asked; absent: nothing is known of it
 */
export function modeOfName(model: string, dialect?: DialectName): string {
  const name = model.toLowerCase();
  if (dialect === 'voices') return HEARS.test(name) ? 'audio_transcription' : 'audio_speech';
  return MODES.find(([pattern]) => pattern.test(name))?.[1] ?? 'chat';
}

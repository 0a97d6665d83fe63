/** What names say of a model's use where nothing else does. */
const MODES: readonly (readonly [RegExp, string])[] = [
  [/rerank/, 'rerank'],
  [/embed|^voyage-|(^|[-/])(bge|gte|e5)-|minilm/, 'embedding'],
  [/whisper|transcri|-stt/, 'audio_transcription'],
  [/(^|[-/])tts([-.]|$)|speech|voice|kokoro/, 'audio_speech'],
  [/dall-e|gpt-image|imagen|flux|stable-diffusion|-image(-|$)/, 'image_generation'],
  [/(^|[-/])(sora|veo)-/, 'video_generation'],
  [/realtime/, 'realtime'],
  [/moderation/, 'moderation'],
  [/gpt-3(\.?)5-turbo-instruct|(^|[-/:])(davinci|babbage)-002/, 'completion'],
];

/** `chat`, `embedding`, `image_generation` ...: what a model of this name is most likely for. */
export function modeOfName(model: string): string {
  const name = model.toLowerCase();
  return MODES.find(([pattern]) => pattern.test(name))?.[1] ?? 'chat';
}

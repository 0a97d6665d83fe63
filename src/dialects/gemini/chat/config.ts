import type { JsonObject } from '../../../core/json-object.ts';
import { isObject } from '../../../core/json-object.ts';
import type { MediaPart, Part } from '../../../core/parts.ts';
import type { ChatRequest } from '../../../core/request.ts';
import type { ModelFamily } from '../families.ts';
import { highestResolution } from './media-part.ts';

/** Most entries of `stopSequences`. */
const MOST_STOPS = 5;

/** What `generationConfig` says of sampling, limits and the form of the answer. @see https://ai.google.dev/api/generate-content#generationconfig (2026-11-26) */
export function generationMembers(request: ChatRequest, family: ModelFamily): JsonObject {
  const { maxOutputTokens = 0, temperature, topP, topK, n, stop = [], seed, presencePenalty, frequencyPenalty } = request;
  const mediaResolution = family.isThird ? undefined : highestResolution(request.messages.flatMap(({ parts }) => mediaIn(parts)));
  const stopSequences = stop.filter((text) => text !== '').slice(0, MOST_STOPS);
  return given({
    maxOutputTokens: maxOutputTokens > 0 ? maxOutputTokens : undefined,
    temperature,
    topP,
    topK,
    candidateCount: n,
    stopSequences: stopSequences.length > 0 ? stopSequences : undefined,
    seed,
    presencePenalty,
    frequencyPenalty,
    ...logprobMembers(request),
    mediaResolution,
    ...modalityMembers(request),
  });
}

/** How many alternatives to show may only be said together with the wish to see any. */
function logprobMembers({ logprobs, topLogprobs = 0 }: ChatRequest): JsonObject {
  if (logprobs === undefined) return topLogprobs > 0 ? { responseLogprobs: true, logprobs: topLogprobs } : {};
  return { responseLogprobs: logprobs, logprobs: logprobs && topLogprobs > 0 ? topLogprobs : undefined };
}

/** OpenAI's `modalities` and the voice of its `audio`. A model that speaks gives nothing but sound. */
function modalityMembers({ others: { modalities, audio } }: ChatRequest): JsonObject {
  const words = Array.isArray(modalities) ? modalities.filter((word) => typeof word === 'string').map((word) => word.toUpperCase()) : [];
  const speaks = words.includes('AUDIO');
  const voiceName = isObject(audio) ? audio['voice'] : undefined;
  return {
    responseModalities: words.length === 0 ? undefined : speaks ? ['AUDIO'] : words,
    speechConfig: speaks && typeof voiceName === 'string' ? { voiceConfig: { prebuiltVoiceConfig: { voiceName } } } : undefined,
  };
}

function mediaIn(parts: readonly Part[]): MediaPart[] {
  return parts.flatMap((part) => (part.type === 'media' ? [part] : part.type === 'tool_result' ? mediaIn(part.parts) : []));
}

function given(members: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

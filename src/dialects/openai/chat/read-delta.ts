import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { CitationPart, MediaPart, NativePart } from '../../../core/parts.ts';
import { textIn } from './read-content.ts';
import { sourceOfUrl } from './media.ts';

/** What messages and deltas have in common: thoughts and text under all the names that providers use. */
export interface Spoken {
  readonly reasoning: string;
  /** Signed or encrypted thoughts in blocks, Anthropic-shaped. */
  readonly blocks: readonly JsonObject[];
  readonly text: string;
  readonly refusal: string;
  readonly media: readonly MediaPart[];
  readonly citations: readonly CitationPart[];
  /** Members that go on as they are: `reasoning_details`, `audio`, content parts without a word in the hub. */
  readonly natives: readonly NativePart[];
}

/**
 * Reads a message of an answer, or a delta of a stream.
 *
 * Reasoning is `reasoning_content`, `reasoning`, thinking parts in a content list (Mistral, Databricks), or the texts in
 * `reasoning_details`; the first that says something counts, since providers send the same text under several names.
 */
export function readSpoken(message: JsonObject): Spoken {
  const list = readContentList(message['content']);
  const blocks = Array.isArray(message['thinking_blocks']) ? message['thinking_blocks'].filter(isObject) : [];
  const details = Array.isArray(message['reasoning_details']) ? message['reasoning_details'] : [];
  const reasoning =
    stringOf(message['reasoning_content']) ||
    stringOf(message['reasoning']) ||
    list.reasoning ||
    blocks.map((block) => textIn(block['thinking'])).join('') ||
    detailsText(details);
  const natives = [...list.natives];
  if (details.length > 0) natives.push(nativeOf({ reasoning_details: details }));
  if (isObject(message['audio']) && !isHollow(message['audio'])) natives.push(nativeOf({ audio: message['audio'] }));
  return {
    reasoning,
    blocks: [...list.blocks, ...blocks.filter((block) => typeof block['signature'] === 'string' || typeof block['data'] === 'string')],
    text: list.text,
    refusal: stringOf(message['refusal']),
    media: [...list.media, ...imagesIn(message['images'])],
    citations: citationsIn(message['annotations']),
    natives,
  };
}

/** The text of a delta that says nothing else, as nearly all do; null: there is more in it, see {@link readSpoken}. */
export function plainTextOf(delta: JsonObject): string | null {
  for (const name in delta) {
    const value = delta[name];
    if (name !== 'content' && name !== 'role' && value !== null && value !== '') return null;
  }
  return typeof delta['content'] === 'string' ? delta['content'] : null;
}

interface ContentList {
  text: string;
  reasoning: string;
  /** Those of its thoughts that are signed, Anthropic-shaped. */
  readonly blocks: JsonObject[];
  readonly media: MediaPart[];
  readonly natives: NativePart[];
}

function readContentList(content: unknown): ContentList {
  const list: ContentList = { text: '', reasoning: '', blocks: [], media: [], natives: [] };
  if (typeof content === 'string') list.text = content;
  else if (Array.isArray(content)) for (const item of content) readItem(item, list);
  else if (isObject(content)) readItem(content, list);
  return list;
}

function readItem(item: unknown, list: ContentList): void {
  if (typeof item === 'string') list.text += item;
  if (!isObject(item)) return;
  const { type } = item as { type?: unknown };
  if (type === 'text' || type === 'output_text') list.text += textIn(item['text']);
  else if (type === 'thinking') list.reasoning += textIn(item['thinking']);
  else if (type === 'reasoning') readReasoning(item, list);
  else if (type === 'image_url') list.media.push(...imagesIn([item]));
  else list.natives.push(nativeOf({ provider_specific_fields: { content_parts: [item] } }));
}

/** Of Databricks: Claude's thoughts as a summary, whose entries may be signed or encrypted. One without text signs those before it. */
function readReasoning(item: JsonObject, list: ContentList): void {
  list.reasoning += textIn(item['summary']) || textIn(item['text']);
  let unsigned = '';
  for (const { data, signature, text } of Array.isArray(item['summary']) ? item['summary'].filter(isObject) : []) {
    unsigned += textIn(text);
    if (stringOf(data) !== '') list.blocks.push({ type: 'redacted_thinking', data });
    if (stringOf(signature) === '') continue;
    list.blocks.push({ type: 'thinking', thinking: unsigned, signature });
    unsigned = '';
  }
  if (unsigned !== '' && list.blocks.length > 0) list.blocks.push({ type: 'thinking', thinking: unsigned });
}

function detailsText(details: readonly unknown[]): string {
  return details.map((detail) => (isObject(detail) ? stringOf(detail['text']) || stringOf(detail['summary']) : '')).join('');
}

function imagesIn(images: unknown): MediaPart[] {
  if (!Array.isArray(images)) return [];
  return images.flatMap((image) => {
    const place: unknown = isObject(image) ? image['image_url'] : undefined;
    const url = isObject(place) ? place['url'] : place;
    return typeof url === 'string' && url !== '' ? [{ type: 'media' as const, kind: 'image' as const, ...sourceOfUrl(url) }] : [];
  });
}

/** `annotations` of type `url_citation`. */
export function citationsIn(annotations: unknown): CitationPart[] {
  if (!Array.isArray(annotations)) return [];
  return annotations.flatMap((annotation) => {
    const cited: unknown = isObject(annotation) ? annotation['url_citation'] : undefined;
    return isObject(cited) && typeof cited['url'] === 'string' ? [citationOf(cited, cited['url'])] : [];
  });
}

function citationOf(cited: JsonObject, url: string): CitationPart {
  const { title, start_index: start, end_index: end } = cited as { title?: unknown; start_index?: unknown; end_index?: unknown };
  return {
    type: 'citation',
    url,
    ...(typeof title === 'string' ? { title } : {}),
    ...(typeof start === 'number' ? { start } : {}),
    ...(typeof end === 'number' ? { end } : {}),
  };
}

const NONE: readonly CitationPart[] = [];

/** Sources beside the choices, as Perplexity and xAI list them: `search_results` with titles, else bare `citations`. */
export function sourcesIn(body: JsonObject): readonly CitationPart[] {
  if (body['search_results'] === undefined && body['citations'] === undefined) return NONE;
  const results = Array.isArray(body['search_results']) ? body['search_results'].filter(isObject) : [];
  const titled = results.flatMap((result) => (typeof result['url'] === 'string' ? [citationOf(result, result['url'])] : []));
  if (titled.length > 0) return titled;
  const urls = Array.isArray(body['citations']) ? body['citations'] : [];
  return urls.flatMap((url) => (typeof url === 'string' ? [{ type: 'citation' as const, url }] : []));
}

/** The tool-call deltas of a delta; the legacy `function_call` is the only call of its choice. */
export function callsIn(delta: JsonObject): JsonObject[] {
  const calls = delta['tool_calls'];
  if (Array.isArray(calls) && calls.length > 0) return calls.filter(isObject);
  if (isObject(calls)) return [calls];
  const legacy = delta['function_call'];
  return isObject(legacy) && !isHollow(legacy) ? [{ index: 0, function: legacy }] : [];
}

/** Whether all members are empty: some servers (Snowflake) fill every member they know with nothing. */
export function isHollow(value: JsonObject): boolean {
  return Object.values(value).every((member) => !member);
}

/** Log probabilities, when there are any. */
export function logprobsOf(choice: JsonObject): unknown {
  const logprobs = choice['logprobs'];
  return isObject(logprobs) && !isHollow(logprobs) ? logprobs : undefined;
}

/** Everything a delta or message says. */
export function textsIn(delta: JsonObject): string[] {
  const calls = Array.isArray(delta['tool_calls']) ? delta['tool_calls'].filter(isObject) : [];
  const called = [...calls.map((call) => call['function']), delta['function_call']].filter(isObject);
  const texts = [
    delta['reasoning_content'],
    delta['content'],
    delta['refusal'],
    ...called.flatMap((item) => [item['name'], item['arguments']]),
  ];
  return texts.filter((text): text is string => typeof text === 'string');
}

function nativeOf(raw: JsonObject): NativePart {
  return { type: 'native', dialect: 'openai', raw };
}

function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

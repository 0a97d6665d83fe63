import type { OutwardChat, Target } from '../../core/dialect.ts';
import { UnsupportedParamsError } from '../../core/errors.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import type { ChatRequest, CompletionRequest } from '../../core/request.ts';
import { TEMPLATE_MEMBERS, templateOf } from './own-template.ts';
import { paramsOf } from './params.ts';
import { placePath } from './place-path.ts';
import { writePrompt } from './prompt.ts';
import { PromptReader, readPromptAnswer } from './reader.ts';
import { tensorsOf } from './tensors.ts';
import { turnsOf } from './turns.ts';
import type { PromptForm } from './wire.ts';
import type { Expected } from './written-text.ts';

/** Most stop sequences that servers take; the text is cut at all of them here. */
const MOST_STOPS = 4;

/** A shorter prompt may well be the beginning of a true answer. */
const SHORTEST_ECHO = 20;

/** A conversation as one prompt. @throws {UnsupportedParamsError | InvalidRequestError} when a text cannot say it */
export function promptedChat(request: ChatRequest, form: PromptForm, target: Target): OutwardChat {
  const template = templateOf(request.extras, target.model);
  const prompt = writePrompt(turnsOf(request.messages, target), template);
  const stops = [...(request.stop ?? []), ...template.stops];
  return asked(request, form, target, { [form.prompt]: prompt }, { echo: form.echoes ? prompt : '', stops, trimmed: true });
}

/** Text to go on from, as it is. @throws as {@link promptedChat} */
export function promptedCompletion({ prompt, suffix, chat }: CompletionRequest, form: PromptForm, target: Target): OutwardChat {
  if (suffix !== undefined && !target.params.drop) throw new UnsupportedParamsError(target.provider, target.model, ['suffix']);
  const echo = form.echoes && prompt.length >= SHORTEST_ECHO ? prompt : '';
  return asked(chat, form, target, { [form.prompt]: prompt }, { echo, stops: chat.stop ?? [], trimmed: false });
}

/** @param content members that hold what is asked */
export function asked(request: ChatRequest, form: PromptForm, target: Target, content: JsonObject, expected: Expected): OutwardChat {
  const streams = request.stream ? form.stream : undefined;
  const members = {
    ...form.members,
    ...streams?.members,
    ...paramsOf(request, form, expected.stops.slice(0, MOST_STOPS), target),
    ...ownMembers(request.extras, form),
  };
  const body = {
    ...content,
    ...(form.model === undefined ? {} : { [form.model]: target.model }),
    ...nested(members),
    ...(form.stream?.member === undefined ? {} : { [form.stream.member]: request.stream }),
  };
  return {
    path: placePath(streams?.path ?? form.path, target.model),
    headers: streams === undefined ? {} : { accept: ACCEPTED[streams.framing] ?? 'text/event-stream' },
    body: form.tensors ? tensorsOf(body) : body,
    framing: streams?.framing ?? 'sse',
    answer: (answer) => readPromptAnswer(answer, form, expected),
    // Of a server that does not stream, an event can but be an answer.
    reader: () => new PromptReader(streams ? streams.event : { ...form.answer, piece: form.answer.text }, expected),
  };
}

const ACCEPTED: Readonly<Partial<Record<string, string>>> = { text: 'text/plain', 'aws-payload': 'application/vnd.amazon.eventstream' };

const KEPT_BACK: ReadonlySet<string> = new Set([...TEMPLATE_MEMBERS, 'aws_sagemaker_allow_zero_temp']);

/** What is said in the provider's own words, by path. */
function ownMembers(extras: JsonObject, { own, prompt, model, stream }: PromptForm): JsonObject {
  const taken = new Set([prompt, model, stream?.member]);
  const told = Object.entries(extras).filter(([name, value]) => !KEPT_BACK.has(name) && !taken.has(name) && value !== undefined);
  return Object.fromEntries(
    told.flatMap(([name, value]) => {
      if (own === undefined) return [[name, value]];
      if (name !== own) return [[`${own}.${name}`, value]];
      return isObject(value) ? Object.entries(value).map(([inner, each]) => [`${own}.${inner}`, each]) : [];
    }),
  );
}

/** `{'a.b': 1}` as `{a: {b: 1}}`. Names below the first dot are names. */
function nested(members: JsonObject): JsonObject {
  const body: JsonObject = {};
  for (const [path, value] of Object.entries(members)) {
    const dot = path.indexOf('.');
    const [outer, inner] = dot === -1 ? [path, null] : [path.slice(0, dot), path.slice(dot + 1)];
    if (inner === null) body[outer] = value;
    else body[outer] = { ...(isObject(body[outer]) ? body[outer] : {}), [inner]: value };
  }
  return body;
}

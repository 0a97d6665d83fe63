import type { OutwardChat, Target } from '../../core/dialect.ts';
import { InvalidRequestError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json-object.ts';
import type { MediaPart, Part } from '../../core/parts.ts';
import type { ChatRequest, Message } from '../../core/request.ts';
import { asked } from './request.ts';
import { turnsOf } from './turns.ts';
import type { PromptForm } from './wire.ts';

/**
 * A conversation as messages whose content are parts: text, pictures, sound, video.
 *
 * @param member that takes them
 * @throws {UnsupportedParamsError | InvalidRequestError}
 * @see https://docs.bytez.com/http-reference/examples/open-source/chat (read 2026-11-26)
 */
export function turnsChat(request: ChatRequest, form: PromptForm, member: string, target: Target): OutwardChat {
  const messages = request.messages.flatMap((message) => messageOf(message, target));
  return asked(request, form, target, { [member]: messages }, { echo: '', stops: request.stop ?? [], trimmed: false });
}

function messageOf(message: Message, target: Target): JsonObject[] {
  const media = message.parts.filter((part) => part.type === 'media');
  const content = media.map(mediaPart);
  const rest = { ...message, parts: message.parts.filter((part: Part) => part.type !== 'media') };
  const [turn = { role: ROLES[message.role], text: '' }] = turnsOf([rest], target);
  if (turn.text === '' && content.length === 0) return [];
  return [{ role: turn.role, content: [...(turn.text === '' ? [] : [{ type: 'text', text: turn.text }]), ...content] }];
}

const ROLES = { system: 'system', developer: 'system', user: 'user', assistant: 'assistant', tool: 'user' } as const;

/** @throws {InvalidRequestError} */
function mediaPart({ kind, source, mediaType }: MediaPart): JsonObject {
  if (kind === 'file')
    throw new InvalidRequestError(`Bytez takes text, images, sound and video, but a message holds ${mediaType ?? kind}.`, 'messages');
  if (source.type === 'url') return { type: kind, url: source.url };
  if (source.type === 'data') return { type: kind, base64: `data:${mediaType ?? `${kind}/*`};base64,${source.data}` };
  throw new InvalidRequestError('Bytez takes media by their address or their bytes.', 'messages');
}

import type { Part } from '../../core/parts.ts';
import type { ChatRequest } from '../../core/request.ts';
import type { CountJob } from './counter.ts';
import { MESSAGE_TOKENS } from './estimate.ts';

/** A medium that cannot be measured here (data-plane 16.6). */
const MEDIUM_TOKENS = 250;
const LOW_DETAIL_TOKENS = 85;

/** What is to be counted of a chat call's input (data-plane 16.6): its texts, tools by their JSON, 3 tokens a message, media at fixed numbers. */
export function chatJob(request: ChatRequest, model: string): CountJob {
  const texts: string[] = [];
  let extra = 0;
  for (const { parts, name } of request.messages) {
    extra += MESSAGE_TOKENS;
    if (name !== undefined) texts.push(name);
    for (const part of parts) extra += collect(part, texts);
  }
  if (request.tools !== undefined) texts.push(JSON.stringify(request.tools));
  return { model, texts, extra };
}

/** Adds the texts of a part; gives the tokens of its media. */
function collect(part: Part, texts: string[]): number {
  switch (part.type) {
    case 'text':
    case 'refusal':
    case 'reasoning':
      texts.push(part.text);
      return 0;
    case 'tool_call':
      texts.push(part.name, part.arguments);
      return 0;
    case 'tool_result':
      return part.parts.reduce((sum, each) => sum + collect(each, texts), 0);
    case 'media':
      return part.detail === 'low' ? LOW_DETAIL_TOKENS : MEDIUM_TOKENS;
    case 'native':
      texts.push(JSON.stringify(part.raw) ?? '');
      return 0;
    case 'citation': // repeats what stands elsewhere
      break;
  }
  return 0;
}

import type { Answer, StreamPart } from './answer.ts';
import type { Part } from './parts.ts';

/** A whole answer as the stream that tells it: `foldStream(unfoldAnswer(answer))` is the answer again. */
export function unfoldAnswer({ choices, usage, id, created, model, extras }: Answer): StreamPart[] {
  return [
    {
      type: 'start',
      ...(id === undefined ? {} : { id }),
      ...(created === undefined ? {} : { created }),
      ...(model === undefined ? {} : { model }),
      ...(extras === undefined ? {} : { extras }),
    },
    ...choices.flatMap(({ index, parts, finish, logprobs }): StreamPart[] => {
      let calls = 0;
      const said = parts.flatMap((part) => deltasOf(part, part.type === 'tool_call' ? calls++ : 0));
      const rated: StreamPart[] = logprobs === undefined ? [] : [{ type: 'text_delta', text: '', logprobs }];
      return [...said, ...rated, { type: 'finish' as const, finish }].map((part) => ({ ...part, choice: index }));
    }),
    ...(usage === undefined ? [] : [{ type: 'usage' as const, usage }]),
  ];
}

/** @param call position of a tool call among those of its choice */
function deltasOf(part: Part, call: number): StreamPart[] {
  switch (part.type) {
    case 'text':
      return [{ type: 'text_delta', text: part.text }];
    case 'reasoning':
      return [
        ...(part.text === '' ? [] : [{ type: 'reasoning_delta' as const, text: part.text }]),
        ...(part.signature === undefined
          ? []
          : [{ type: 'reasoning_signature' as const, signature: part.signature, origin: part.origin ?? '' }]),
        ...(part.encrypted === undefined
          ? []
          : [{ type: 'reasoning_encrypted' as const, encrypted: part.encrypted, origin: part.origin ?? '' }]),
      ];
    case 'tool_call':
      return [
        {
          type: 'tool_call_start',
          index: call,
          id: part.id,
          name: part.name,
          ...(part.signature === undefined ? {} : { signature: part.signature }),
        },
        { type: 'tool_call_delta', index: call, arguments: part.arguments },
        { type: 'tool_call_end', index: call },
      ];
    case 'refusal':
      return [{ type: 'refusal_delta', text: part.text }];
    case 'citation':
      return [{ type: 'citation', citation: part }];
    case 'media':
      return [{ type: 'media', media: part }];
    case 'native':
      return [{ type: 'native', native: part }];
    case 'tool_result': // never in an answer
      return [];
  }
}

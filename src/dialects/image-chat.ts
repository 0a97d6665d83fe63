import type { Answer, ImagesAnswer, MadeImage } from '../core/answer.ts';
import type { OutwardDialect, OutwardImages, Target } from '../core/dialect.ts';
import { MalformedAnswerError, ProviderError } from '../core/provider-error.ts';
import type { ChatRequest, ImageRequest } from '../core/request.ts';

/**
 * Images of models that make them in a conversation: the prompt and the images that come along are one turn of the user, and
 * what is made stands in the answer. What words such a model writes beside them is left out.
 *
 * @param extras members of the provider's own that say what OpenAI's parameters say
 */
export function imagesByChat(
  chat: OutwardDialect['chat'],
  request: ImageRequest,
  target: Target,
  extras: Readonly<Record<string, unknown>>,
): OutwardImages {
  const { model, prompt, images } = request;
  const asked: ChatRequest = {
    model,
    messages: [{ role: 'user', parts: [{ type: 'text', text: prompt }, ...images] }],
    stream: false,
    others: { modalities: ['image', 'text'] },
    extras: { ...request.extras, ...extras },
  };
  const outward = chat(asked, target);
  const { path, headers, body } = outward;
  return { path, headers, body, answer: (told) => imagesOf(outward.answer(told)) };
}

function imagesOf({ choices, usage }: Answer): ImagesAnswer {
  const images = choices.flatMap(({ parts }) =>
    parts.flatMap((part) => (part.type === 'media' && part.kind === 'image' ? madeOf(part.source) : [])),
  );
  if (images.length === 0) throw nothingMade(choices);
  return { images, ...(usage === undefined ? {} : { usage }) };
}

function madeOf(source: { readonly type: string; readonly url?: string; readonly data?: string }): MadeImage[] {
  if (source.data !== undefined) return [{ data: source.data }];
  return source.url === undefined ? [] : [{ url: source.url }];
}

function nothingMade(choices: Answer['choices']): ProviderError {
  const filtered = choices.find(({ finish }) => finish.reason === 'content_filter');
  if (filtered === undefined) return new MalformedAnswerError('The model answered without an image.', 'shape');
  return new ProviderError({
    class: 'ContentPolicyViolationError',
    status: 400,
    code: 'content_policy_violation',
    message: `The provider's filter kept the image back${filtered.finish.native === undefined ? '' : `: ${filtered.finish.native}`}.`,
  });
}

import type { Deployment } from '../../../core/deployment.ts';
import type { OutwardDialect, OutwardImages } from '../../../core/dialect.ts';
import type { ImageRequest } from '../../../core/request.ts';
import { imagesByChat } from '../../../dialects/image-chat.ts';
import { checkedImages } from '../../../dialects/openai/images/check.ts';
import { readImageRequest, type GivenImages } from '../../../dialects/openai/images/request.ts';
import { ratioOf } from '../../../dialects/openai/images/size.ts';
import { askedImages } from '../../../dialects/openai/images/use.ts';
import { applyQuirks } from '../../../providers/quirks/apply.ts';
import type { Call } from '../../call.ts';
import type { Prepared } from '../../codec.ts';
import { endpointOf, headersFor } from '../../endpoints.ts';
import type { Upstream } from '../../upstream.ts';
import { parsedAnswer } from '../parsed-answer.ts';
import { targetFor } from '../target.ts';
import { takenForm } from './given-images.ts';
import { askedMembers } from './image-members.ts';
import { extraBodyOf, withExtraBody, type ExtraBody } from '../extra-body.ts';
import type { ImagesParts, ImageTrip } from './image-trip.ts';
import { countsOf } from './passed-images.ts';
import { PreparedImages, type ImageCall } from './prepared-images.ts';

/** Towards providers that are asked for images in words of their own, or in a conversation. */
export async function translatedImages(trip: ImageTrip, { media, fetcher }: ImagesParts): Promise<Prepared> {
  const { call, deployment, context, dialect } = trip;
  const { upstream } = deployment;
  const { members: asked } = askedMembers(call, deployment, context);
  const extra = extraBodyOf(call, context, upstream.defaults);
  const taken = call.upload === undefined ? null : await takenForm(call.upload);
  const members = { ...taken?.members, ...asked };
  const given = call.operation === 'image_edit' ? (taken ?? undefined) : NO_IMAGES;
  const read = readImageRequest(members, call.groupName, given);
  const wish = { allowPrivate: upstream.privateMedia, client: call.client, host: deployment.target.host };
  const [mask] = await media.alone(read.mask === undefined ? [] : [read.mask], dialect, wish);
  const request: ImageRequest = {
    ...read,
    images: await media.alone(read.images, dialect, wish),
    ...(mask === undefined ? {} : { mask }),
  };
  const outwards = outwardsOf(trip, request);
  const [first, ...others] = outwards.map((outward): ImageCall => requestOf(trip, outward, extra));
  if (!first) throw new Error('no request for images');
  const wantsBytes = upstream.resolved.images.by === 'chat' || members['response_format'] === 'b64_json';
  return new PreparedImages({
    requests: [first, ...others],
    tls: upstream.tls,
    asked: askedImages(members, request.images.length),
    operation: call.operation,
    created: Math.floor(call.startedAt / 1000),
    job: null,
    read: (body) => ({ answer: answerOf(outwards, body), passes: null }),
    inlined: wantsBytes ? (answer) => fetcher.inlined(answer, upstream, call.client) : null,
    error: (reply) => dialect.error(reply),
  });
}

const NO_IMAGES: GivenImages = { images: [] };

/** One for each request that the provider needs. */
function outwardsOf({ call, deployment, dialect }: ImageTrip, request: ImageRequest): OutwardImages[] {
  const target = targetFor(call, deployment);
  const byChat = deployment.upstream.resolved.images.by === 'chat';
  const most = byChat ? 1 : dialect.mostImages?.(target);
  return countsOf(request.n, most).flatMap((n) => {
    const one = { ...request, n };
    const outward = byChat ? inConversation(call, deployment, one, dialect) : dialect.images?.(one, target);
    return outward ? [outward] : [];
  });
}

/** OpenAI's dialect has no parameters for images in a conversation: their form is a member of OpenRouter's. */
function inConversation(
  call: Call,
  deployment: Deployment<Upstream>,
  request: ImageRequest,
  { chat }: Pick<OutwardDialect, 'chat'>,
): OutwardImages {
  const { resolved } = deployment.upstream;
  const target = targetFor(call, deployment);
  const { size, ...rest } = checkedImages(request, ['size'], target);
  const ratio = size === undefined ? null : ratioOf(size);
  const outward = imagesByChat(chat, rest, target, ratio === null ? {} : { image_config: { aspect_ratio: ratio } });
  const { params, abilities } = target;
  const context = { model: deployment.model, provider: resolved.provider, params, abilities };
  return { ...outward, body: applyQuirks(outward.body, resolved.quirks, context) };
}

function requestOf(
  { call, deployment: { upstream } }: ImageTrip,
  { path, headers, body }: OutwardImages,
  extra: ExtraBody | null,
): ImageCall {
  const endpoint = endpointOf(upstream, path);
  return {
    origin: endpoint.origin,
    path: endpoint.path,
    headers: headersFor(upstream, endpoint, headers, call.options.upstreamHeaders),
    body: Buffer.from(JSON.stringify(withExtraBody(body, extra))),
  };
}

/** All of them read their answers alike. */
function answerOf([first]: readonly OutwardImages[], body: Buffer): ReturnType<OutwardImages['answer']> {
  if (!first) throw new Error('no request for images');
  return first.answer(parsedAnswer(body));
}

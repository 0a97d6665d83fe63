import { randomBytes } from 'node:crypto';
import type { Deployment } from '../../../core/deployment.ts';
import { InvalidRequestError } from '../../../core/errors.ts';
import { isObject, wordOf, type JsonObject } from '../../../core/json-object.ts';
import type { MediaPart } from '../../../core/parts.ts';
import { FormWriter } from '../../../dialects/framing/multipart.ts';
import { JOB_FORMS, type JobForm } from '../../../dialects/jobs/forms.ts';
import { jobOf } from '../../../dialects/jobs/job.ts';
import { imagesOfJob } from '../../../dialects/jobs/made-images.ts';
import { formFieldsOf } from '../../../dialects/openai/audio/form-fields.ts';
import { urlOf } from '../../../dialects/openai/chat/media.ts';
import { errorInside } from '../../../dialects/openai/errors.ts';
import { readImages } from '../../../dialects/openai/images/answer.ts';
import { imagesIn, type GivenImages } from '../../../dialects/openai/images/request.ts';
import { askedImages } from '../../../dialects/openai/images/use.ts';
import { placeOf, type ReplicatePlace } from '../../../dialects/replicate/place.ts';
import { framedMembers } from '../../../providers/images/members.ts';
import type { Call } from '../../call.ts';
import type { Prepared } from '../../codec.ts';
import { endpointOf, headersFor } from '../../endpoints.ts';
import type { Upstream } from '../../upstream.ts';
import { parsedAnswer } from '../parsed-answer.ts';
import type { ImageFetcher } from './fetched-images.ts';
import { countOf, takenForm } from './given-images.ts';
import { imageForm } from './image-form.ts';
import { askedMembers, providersMembers, type AskedMembers } from './image-members.ts';
import type { ImageTrip } from './image-trip.ts';
import { PreparedImages, type ImageCall, type ReadImages } from './prepared-images.ts';

/** Towards providers that take OpenAI's members, under the rules of their row. */
export function passedImages(trip: ImageTrip, fetcher: ImageFetcher): Prepared | Promise<Prepared> {
  const { call, deployment, context } = trip;
  const asked = askedMembers(call, deployment, context);
  const { upload } = call;
  if (upload === undefined) return prepared(trip, fetcher, asked, jsonCalls(trip, asked, null));
  if (!takesJson(deployment)) {
    const form = imageForm(trip, upload, asked);
    return prepared(trip, fetcher, asked, [imageCall(trip, form, { 'content-type': form.contentType, ...lengthOf(form.length) })]);
  }
  return takenForm(upload).then(({ members, ...given }) => {
    const all = { ...asked, members: { ...members, ...asked.members } };
    return prepared(trip, fetcher, all, jsonCalls(trip, all, given));
  });
}

function lengthOf(length: number | null): Record<string, string> {
  return length === null ? {} : { 'content-length': String(length) };
}

/** Whether images go along inside JSON. */
function takesJson({ upstream }: Deployment<Upstream>): boolean {
  return IMAGES_IN_JSON.some((name) => upstream.resolved.images[name] !== undefined);
}

/** Rules that say how. */
const IMAGES_IN_JSON = ['imageList', 'imageText', 'imageObject', 'imageUris', 'imageNumbered'] as const;

function prepared(trip: ImageTrip, fetcher: ImageFetcher, asked: AskedMembers, requests: readonly [ImageCall, ...ImageCall[]]): Prepared {
  const { call, deployment, dialect } = trip;
  const { upstream } = deployment;
  const { job: name } = upstream.resolved.images;
  const form = name === undefined ? null : JOB_FORMS[name];
  const members = { ...asked.members, ...asked.extra };
  return new PreparedImages({
    requests,
    tls: upstream.tls,
    asked: askedImages(members, givenIn(call, members)),
    operation: call.operation,
    created: Math.floor(call.startedAt / 1000),
    job: form && (() => jobOf(form)),
    read: form === null ? readAnswer : (body) => ({ answer: imagesOfJob(form, parsedAnswer(body)), passes: null }),
    inlined: wordOf(members['response_format']) === 'b64_json' ? (answer) => fetcher.inlined(answer, upstream, call.client) : null,
    error: (reply) => dialect.error(reply),
  });
}

function givenIn({ operation, upload }: Call, members: JsonObject): number {
  if (operation !== 'image_edit') return 0;
  return upload === undefined ? [members['images'] ?? members['image'] ?? []].flat().length : countOf(upload);
}

/** The requests that the provider needs for so many images. @param given those of a form; null: JSON names its own */
function jsonCalls(trip: ImageTrip, asked: AskedMembers, given: GivenImages | null): [ImageCall, ...ImageCall[]] {
  const { call, deployment } = trip;
  const { images: rules } = deployment.upstream.resolved;
  const { members: named } = placeFor(trip);
  const { n } = askedImages({ ...asked.members, ...asked.extra }, 0);
  const [first, ...others] = countsOf(n, rules.most).map((count, _, { length }) => {
    const { stream: __, ...still } = asked.members;
    const members = length === 1 ? asked.members : { ...still, n: count };
    const body = withImages(providersMembers({ ...asked, members }, call, deployment), given, deployment);
    if (rules.form === true) return formCall(trip, body);
    if (rules.inside !== undefined) return imageCall(trip, Buffer.from(JSON.stringify({ ...named, ...framedMembers(body, rules) })), {});
    return imageCall(trip, call.upload === undefined && length === 1 ? editedBody(call, body) : Buffer.from(JSON.stringify(body)), {});
  });
  if (!first) throw new Error('no request for images');
  return [first, ...others];
}

/** How many images each request asks for. @throws {InvalidRequestError} when there would be too many requests */
export function countsOf(n: number, most: number | undefined): number[] {
  if (most === undefined || n <= most) return [n];
  if (n > MOST_SPLIT) throw new InvalidRequestError(`'n' must be at most ${MOST_SPLIT} for this model: it makes ${most} at once.`, 'n');
  return Array.from({ length: Math.ceil(n / most) }, (_, at) => Math.min(most, n - at * most));
}

/** OpenAI's own bound of `n`: nobody is asked more often for one call. */
const MOST_SPLIT = 10;

/** The client's bytes where nothing but the model's name and members for the gateway must change. */
function editedBody({ body }: Call, wanted: JsonObject): Buffer {
  const edits = new Map<string, string | null>();
  const had = body.whole();
  for (const name of body.names()) if (!(name in wanted)) edits.set(name, null);
  for (const [name, value] of Object.entries(wanted)) if (had[name] !== value) edits.set(name, JSON.stringify(value));
  return body.edited(edits);
}

/** Images that go along, in the member that the provider has for them. */
function withImages(members: JsonObject, given: GivenImages | null, deployment: Deployment<Upstream>): JsonObject {
  if (!takesJson(deployment)) return members;
  const { imageList, imageText, imageObject, imageUris, imageNumbered, mask: maskName = 'mask_url' } = deployment.upstream.resolved.images;
  const { image: _, images: __, mask: ___, ...rest } = members;
  const { images, mask } = given ?? imagesIn(members);
  const urls = images.map((image) => urlOf(image, 'image/png'));
  const [first] = urls;
  if (first === undefined) return members;
  return {
    ...rest,
    ...(imageText === undefined ? {} : { [imageText]: first }),
    ...(imageObject === undefined ? {} : { [imageObject]: { url: first } }),
    ...(imageList === undefined ? {} : { [imageList]: urls }),
    ...(imageUris === undefined ? {} : { [imageUris]: urls.map((uri) => ({ uri })) }),
    ...(imageNumbered === undefined ? {} : numbered(imageNumbered, images)),
    ...(mask === undefined ? {} : { [maskName]: imageNumbered === undefined ? urlOf(mask, 'image/png') : bareOf(mask) }),
  };
}

function numbered(name: string, images: readonly MediaPart[]): JsonObject {
  return Object.fromEntries(images.map((image, at) => [at === 0 ? name : `${name}_${at + 1}`, bareOf(image)]));
}

/** An address, or base64 without the head of a data URL. */
function bareOf(image: MediaPart): string {
  return image.source.type === 'data' ? image.source.data : urlOf(image, 'image/png');
}

function formCall(trip: ImageTrip, members: JsonObject): ImageCall {
  const writer = new FormWriter(`gateway-${randomBytes(18).toString('hex')}`);
  const body = Buffer.concat([writer.fields(formFieldsOf(members)), writer.end()]);
  return imageCall(trip, body, { 'content-type': writer.contentType });
}

function imageCall(trip: ImageTrip, body: ImageCall['body'], more: Record<string, string>): ImageCall {
  const { call, deployment } = trip;
  const { upstream } = deployment;
  const { accept, job } = upstream.resolved.images;
  const form: JobForm | null = job === undefined ? null : JOB_FORMS[job];
  const endpoint = endpointOf(upstream, pathOf(trip));
  return {
    origin: endpoint.origin,
    path: endpoint.path,
    headers: {
      ...headersFor(upstream, endpoint, form?.patience ?? {}, call.options.upstreamHeaders),
      ...(accept === undefined ? {} : { accept }),
      ...more,
    },
    body,
  };
}

/** Where models with a place of their own are asked, and what names them there. */
function placeFor({ deployment }: ImageTrip): Partial<ReplicatePlace> {
  return deployment.dialect === 'replicate' ? placeOf(deployment.model) : {};
}

/** @see {ImageRules} */
function pathOf(trip: ImageTrip): string {
  const { operation } = trip.call;
  const { model, upstream } = trip.deployment;
  const { path, editPath } = upstream.resolved.images;
  const own = placeFor(trip).path ?? (operation === 'image_edit' ? editPath : path);
  if (own === undefined) return operation === 'image_edit' ? '/images/edits' : '/images/generations';
  return own.replaceAll('{model}', model.split('/').map(encodeURIComponent).join('/').replaceAll('%40', '@'));
}

/** @throws {ProviderError} */
function readAnswer(body: Buffer, headers: Readonly<Record<string, string>>): ReadImages {
  if ((headers['content-type'] ?? '').startsWith('image/'))
    return { answer: { images: [{ data: body.toString('base64') }] }, passes: null };
  const told = parsedAnswer(body);
  const error = isObject(told) && !('data' in told) ? errorInside(told) : null;
  if (error) throw error;
  const answer = readImages(told);
  return { answer, passes: isObject(told) && isOpenAiShaped(told) ? { body, told } : null };
}

/** Whether clients of OpenAI understand it as it is. */
function isOpenAiShaped({ data }: JsonObject): boolean {
  return (
    Array.isArray(data) &&
    data.every((image) => isObject(image) && (wordOf(image['b64_json']) !== '' || /^https?:/.test(wordOf(image['url'])))) &&
    !data.some((image) => isObject(image) && wordOf(image['b64_json']).startsWith('data:'))
  );
}

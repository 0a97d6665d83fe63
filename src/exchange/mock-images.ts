import { writeImagesAnswer } from '../dialects/openai/images/answer.ts';
import { imageEvents } from '../dialects/openai/images/events.ts';
import { askedImages, imageUse } from '../dialects/openai/images/use.ts';
import { drained } from './upload.ts';
import type { Call } from './call.ts';
import type { Meter } from './meter.ts';
import type { Reply } from './reply.ts';

/** One grey pixel, as PNG. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==';

const MOST_MOCKED = 10;

/** The images of a `mock_response`: where its text is an address that, else a grey pixel; booked like any other. */
export async function mockedImages(call: Call, text: string, meter: Meter): Promise<Reply> {
  if (call.upload) await drained(call.upload);
  const asked = askedImages(call.body.whole(), 0);
  const image = /^https?:/.test(text) ? { url: text } : { data: PIXEL, revisedPrompt: text };
  const images = Array.from({ length: Math.min(asked.n, MOST_MOCKED) }, () => image);
  const told = writeImagesAnswer({ images }, Math.floor(call.startedAt / 1000));
  const body = Buffer.from(JSON.stringify(told));
  await meter.succeed({ ...imageUse(asked, images.length), outputBytes: body.length, text: () => '' });
  if (!call.stream) return { kind: 'whole', contentType: 'application/json', body };
  const events = Buffer.from(imageEvents(told, call.operation)).toString('latin1');
  return { kind: 'stream', contentType: null, first: events, rest: nothingMore() };
}

async function* nothingMore(): AsyncGenerator<string, void, void> {}

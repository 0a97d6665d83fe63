import { speechUse } from '../dialects/openai/audio/speech.ts';
import { heardUse } from '../dialects/openai/audio/heard.ts';
import { transcriptEvents } from '../dialects/openai/audio/transcript.ts';
import { silence } from '../dialects/silence.ts';
import type { Call } from './call.ts';
import type { Meter } from './meter.ts';
import type { Reply, StreamReply } from './reply.ts';
import { drained, type Upload } from './upload.ts';

/** The audio of a `mock_response`: half a second of silence in a form that players understand, booked like any other. */
export async function mockedSpeech(call: Call, meter: Meter): Promise<StreamReply> {
  const used = { ...speechUse(String(call.body.value('input'))), outputBytes: 0, text: () => '' };
  const { contentType, bytes } = silence(call.body.value('response_format'));
  meter.quote(used);
  await meter.succeed(used);
  return { kind: 'stream', contentType, first: bytes.toString('latin1'), rest: nothingMore() };
}

/** The transcript of a `mock_response`, in the form that was asked for, once all of the file is here; booked like any other. */
export async function mockedTranscript(call: Call, upload: Upload, text: string, meter: Meter): Promise<Reply> {
  await drained(upload);
  const { usage, guess } = heardUse(upload);
  await meter.succeed({ usage, guess, outputBytes: text.length, text: () => text });
  const told = { type: 'duration', seconds: Math.ceil(guess.seconds ?? 0) };
  const format = call.body.value('response_format');
  if (call.stream) {
    const events = Buffer.from(transcriptEvents({ text, usage: told })).toString('latin1');
    return { kind: 'stream', contentType: null, first: events, rest: nothingMore() };
  }
  if (format === 'text' || format === 'srt' || format === 'vtt')
    return { kind: 'whole', contentType: 'text/plain; charset=utf-8', body: Buffer.from(text) };
  const answer = { text, ...(format === 'verbose_json' ? { duration: guess.seconds } : {}), usage: told };
  return { kind: 'whole', contentType: 'application/json', body: Buffer.from(JSON.stringify(answer)) };
}

async function* nothingMore(): AsyncGenerator<string, void, void> {}

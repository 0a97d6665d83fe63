import { speechUse } from '../dialects/openai/audio/speech.ts';
import { silence } from '../dialects/silence.ts';
import type { Call } from './call.ts';
import type { Meter } from './meter.ts';
import type { StreamReply } from './reply.ts';

/** The audio of a `mock_response`: half a second of silence in a form that players understand, booked like any other. */
export async function mockedSpeech(call: Call, meter: Meter): Promise<StreamReply> {
  const used = { ...speechUse(String(call.body.value('input'))), outputBytes: 0, text: () => '' };
  const { contentType, bytes } = silence(call.body.value('response_format'));
  meter.quote(used);
  await meter.succeed(used);
  return { kind: 'stream', contentType, first: bytes.toString('latin1'), rest: nothingMore() };
}

async function* nothingMore(): AsyncGenerator<string, void, void> {}

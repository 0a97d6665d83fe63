import { z } from 'zod';

import type { CoreClient } from './core-client.ts';
import { within } from './within.ts';

const PipelineEvent = z.looseObject({ type: z.string(), data: z.record(z.string(), z.unknown()).nullish() });
type PipelineEvent = z.infer<typeof PipelineEvent>;

const Answered = z.object({
  intent_output: z.object({
    conversation_id: z.string().nullable(),
    response: z.looseObject({ response_type: z.string(), speech: z.object({ plain: z.object({ speech: z.string() }) }) }),
  }),
});

const Started = z.object({ runner_data: z.object({ stt_binary_handler_id: z.number() }) });
const Heard = z.object({ stt_output: z.object({ text: z.string() }) });

/** What came back for one sentence. */
export interface Turn {
  readonly speech: string;
  /** `action_done`, `query_answer` or `error`. */
  readonly kind: string;
  /** Given to the next sentence, it goes on in the same conversation. */
  readonly conversationId: string | null;
}

export interface Voices {
  /** Entity of the conversation agent. */
  readonly agent: string;
  /** Entity that turns speech into text; none: sentences are typed. */
  readonly hearing?: string;
}

/** A model may be slow, and Core asks again where a server does not answer. */
const ANSWER_MS = 40_000;

/** An assistant as people make it under Voice assistants: they talk to it as the Assist dialog does. */
export class Assistant {
  readonly #client: CoreClient;
  readonly #pipeline: string;

  private constructor(client: CoreClient, pipeline: string) {
    this.#client = client;
    this.#pipeline = pipeline;
  }

  /** @param name what the list of assistants shows */
  static async make(client: CoreClient, name: string, { agent, hearing }: Voices): Promise<Assistant> {
    const made = await client.socket.command('assist_pipeline/pipeline/create', {
      name,
      language: 'en',
      conversation_engine: agent,
      conversation_language: 'en',
      stt_engine: hearing ?? null,
      stt_language: hearing ? 'en-US' : null,
      tts_engine: null,
      tts_language: null,
      tts_voice: null,
      wake_word_entity: null,
      wake_word_id: null,
    });
    return new Assistant(client, z.object({ id: z.string() }).parse(made).id);
  }

  /** Types a sentence and waits for the answer. */
  async say(text: string, conversationId: string | null = null): Promise<Turn> {
    const events = await this.#run({
      start_stage: 'intent',
      end_stage: 'intent',
      input: { text },
      ...(conversationId === null ? {} : { conversation_id: conversationId }),
    });
    return turnOf(events);
  }

  /**
   * Says something aloud and waits for the answer.
   *
   * @param sound 16 bits, 16,000 times a second, one channel
   * @returns what was heard and what came back; the code of the error when nothing was understood
   */
  async hear(sound: Buffer): Promise<{ readonly heard: string; readonly turn: Turn } | { readonly error: unknown }> {
    const fields = { start_stage: 'stt', end_stage: 'intent', input: { sample_rate: 16_000, no_vad: true } };
    const events = await this.#run(fields, ({ type, data }) => {
      if (type !== 'run-start') return;
      const { stt_binary_handler_id: handler } = Started.parse(data).runner_data;
      for (const bytes of [sound, Buffer.alloc(0)]) this.#client.socket.sendBytes(handler, bytes);
    });
    const failed = events.find(({ type }) => type === 'error');
    if (failed) return { error: failed.data?.['code'] };
    return { heard: Heard.parse(events.find(({ type }) => type === 'stt-end')?.data).stt_output.text, turn: turnOf(events) };
  }

  async #run(fields: Readonly<Record<string, unknown>>, react: (event: PipelineEvent) => void = () => {}): Promise<PipelineEvent[]> {
    const events: PipelineEvent[] = [];
    const ended = Promise.withResolvers<void>();
    const end = await this.#client.socket.subscribe('assist_pipeline/run', { pipeline: this.#pipeline, ...fields }, (given) => {
      const event = PipelineEvent.parse(given);
      events.push(event);
      react(event);
      if (event.type === 'run-end') ended.resolve();
    });
    try {
      await within(ANSWER_MS, ended.promise, () => JSON.stringify(events));
    } finally {
      await end();
    }
    return events;
  }
}

function turnOf(events: readonly PipelineEvent[]): Turn {
  const ended = events.find(({ type }) => type === 'intent-end');
  if (!ended) throw new Error(`no answer: ${JSON.stringify(events)}`);
  const { conversation_id: id, response } = Answered.parse(ended.data).intent_output;
  return { speech: response.speech.plain.speech, kind: response.response_type, conversationId: id };
}

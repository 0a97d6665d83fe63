import { afterAll, beforeAll, expect, test } from 'vitest';
import { callChat, type Seen } from '../drills/support/caller.ts';
import { pause, scaled, until } from '../drills/support/scale.ts';
import { completion, FakeProvider, json, streamedEvents, type Behaviour } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';

const STREAMS = scaled(50, 200);
const RELOADS = scaled(4, 100);

let provider: FakeProvider;
let gateway: TestGateway;
/** Pieces that the provider sent in each ended stream. */
const sent: number[] = [];
const tap = { open: true };

/** Streams until the tap is turned off, then tells the truth about what it sent. */
const flow: Behaviour = async (_request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  let pieces = 0;
  response.write(streamedEvents([])[0]);
  while (tap.open) {
    // No two alike: a model that repeats itself is cut off.
    response.write(streamedEvents([`tea ${pieces++}. `])[1]);
    await pause(200);
  }
  for (const event of streamedEvents([], { prompt_tokens: 7, completion_tokens: pieces, total_tokens: 7 + pieces }).slice(1))
    response.write(event);
  response.end();
  sent.push(pieces);
};

/** The file after so many reloads: a price, a new model, and every other time the streaming model is not in it. */
function yamlAt(reload: number): string {
  const row = (name: string): string =>
    `  - { model_name: ${name}, litellm_params: { model: openai/upstream, api_base: ${provider.url}/v1, api_key: k }, model_info: { input_cost_per_token: 0, output_cost_per_token: ${reload + 1}e-6 } }\n`;
  return `model_list:\n${row(`new-${reload}`)}${reload % 2 === 0 ? row('flowing') : ''}`;
}

beforeAll(async () => {
  provider = await FakeProvider.start((request, response) =>
    (request.json['stream'] === true ? flow : json(completion('Hello')))(request, response),
  );
  gateway = await startGateway(yamlAt(0));
});

afterAll(async () => {
  tap.open = false;
  await gateway.stop();
  await provider.stop();
});

const ask = (model: string): Record<string, unknown> => ({ model, messages: [{ role: 'user', content: 'Hi' }] });

const bySize = (a: number, b: number): number => a - b;
const byText = (a: unknown, b: unknown): number => (String(a) < String(b) ? -1 : 1);

/** Opens a stream and follows it to its end. A machine that is very busy turns calls away for a moment (503): then again. */
async function stream(key: string): Promise<Seen> {
  for (;;) {
    const seen = await callChat({ url: gateway.url, key, body: { ...ask('flowing'), stream: true } });
    if (seen.status !== 503) return seen;
    await pause(1000);
  }
}

async function statusOf(model: string, key: string): Promise<number> {
  const answer = await gateway.call('POST', '/v1/chat/completions', ask(model), key);
  await answer.text();
  return answer.status;
}

/** US dollars of so many output tokens at the price of a file, as the row has them. */
function bill(tokens: number, reload: number): string {
  return `0.${String(tokens * (reload + 1)).padStart(6, '0')}`.replace(/0+$/, '');
}

test(
  `${RELOADS} reloads under ${STREAMS} streams cut none, act within two seconds, and change no price of a call that runs`,
  async () => {
    const key = await gateway.key({ max_budget: 1000 });
    const streams = Array.from({ length: STREAMS }, () => stream(key));
    await until('every stream runs', () => gateway.parts.ledger.openCalls === STREAMS, 60_000);

    const delays: number[] = [];
    for (let reload = 1; reload <= RELOADS; reload++) {
      const saved = performance.now();
      await gateway.configure(yamlAt(reload));
      await until('the new model serves', async () => (await statusOf(`new-${reload}`, key)) === 200);
      delays.push(performance.now() - saved);
      await until('the old model is gone', async () => (await statusOf(`new-${reload - 1}`, key)) === 400);
    }
    expect(gateway.parts.ledger.openCalls).toBe(STREAMS);
    tap.open = false;
    const seen = await Promise.all(streams);

    expect(seen.filter(({ status, ended }) => status !== 200 || !ended)).toEqual([]);
    const received = seen.map(({ text }) => text.split('tea ').length - 1);
    expect(received.toSorted(bySize)).toEqual(sent.toSorted(bySize));
    // A machine that is busy with other things may be late once, never always.
    expect(Math.min(...delays)).toBeLessThan(2000);

    await until('every call is booked', () => gateway.parts.ledger.openCalls === 0);
    const rows = await gateway.rows();
    const streamed = rows.filter((row) => row['model_group'] === 'flowing');
    expect(streamed.map(({ spend }) => spend).toSorted(byText)).toEqual(sent.map((pieces) => bill(pieces, 0)).toSorted(byText));
    for (let reload = 1; reload <= RELOADS; reload++)
      expect(rows.find((row) => row['model_group'] === `new-${reload}`)).toMatchObject({ status: 'success', spend: bill(5, reload) });
    const total = rows.reduce((sum, { spend }) => sum + Math.round(Number(spend) * 1e6), 0);
    expect(await (await gateway.call('GET', `/key/info?key=${key}`)).text()).toContain(`"spend":${bill(total, 0)}`);
  },
  60_000 + RELOADS * 5000,
);

import { compare, figuresOf, noteOf, percent, rateOf, type Comparison, type ComparePlan } from '../rig/compare.ts';
import { least } from '../rig/measured.ts';
import type { Rig, Verdict } from '../rig/rig.ts';
import { wrk } from '../rig/wrk.ts';

const CHAT = '/v1/chat/completions';

/** A chat request of about `bytes`. */
function bodyOf(model: string, bytes: number): string {
  const sentence = 'Tell me in two sentences what a gateway between programs and language models is good for. ';
  const content = sentence.repeat(Math.ceil(bytes / sentence.length)).slice(0, Math.max(20, bytes - 130));
  return JSON.stringify({
    model,
    temperature: 0.7,
    max_tokens: 256,
    messages: [
      { role: 'system', content: 'Be short.' },
      { role: 'user', content },
    ],
  });
}

function planOf(model: string, bytes: number, connections: number, seconds: number, rounds: number) {
  return {
    relay: { path: CHAT, body: bodyOf('bench', bytes) },
    gateway: { path: CHAT, body: bodyOf(model, bytes) },
    connections,
    seconds,
    rounds,
  };
}

/** P1: a chat completion in the same dialect, 0.5 kB. */
export async function sameDialect(rig: Rig): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const connections of [32, 64]) {
    const comparison = await compare(rig, planOf('bench', 512, connections, 3, 4));
    verdicts.push(sameVerdict(`chat, 0.5 kB, ${connections} connections`, comparison));
  }
  for (const client of CLIENTS) {
    const comparison = await compare(rig, askedBy(client, `bench-${client.own}`, 4));
    verdicts.push(sameVerdict(`${client.what}, 0.5 kB, 32 connections, ${client.own} upstream`, comparison));
  }
  return verdicts;
}

function sameVerdict(what: string, comparison: Comparison): Verdict {
  const { rate, cpu, relay, gateway, quiet } = comparison;
  return {
    id: 'P1',
    what,
    measured: `${percent(rate)} of the relay's ${Math.round(relay.perSecond)} requests/s; CPU ${gateway.cpuUs.toFixed(0)} µs by ${relay.cpuUs.toFixed(0)} µs = ${cpu.toFixed(2)}x`,
    bar: '>= 55 %, <= 1.8x CPU',
    passed: cpu <= 1.8 && (!quiet || rate >= 0.55),
    ...noteOf(comparison),
    figures: figuresOf(comparison),
  };
}

/** P2: what the gateway adds for one caller at a time. */
export async function addedLatency(rig: Rig): Promise<Verdict[]> {
  const { folder, gateway, upstreamPort } = rig;
  const shot = { path: CHAT, key: gateway.key, body: bodyOf('bench', 512) };
  const direct: { p50Us: number; p99Us: number }[] = [];
  const through: typeof direct = [];
  for (let round = 0; round < 5; round++) {
    direct.push(await wrk(folder, { ...shot, port: upstreamPort }, 1, 2));
    through.push(await wrk(folder, { ...shot, port: gateway.port }, 1, 2));
  }
  const added = (name: 'p50Us' | 'p99Us'): number => least(through.map((one) => one[name])) - least(direct.map((one) => one[name]));
  const [p50Us, p99Us] = [added('p50Us'), added('p99Us')];
  return [
    {
      id: 'P2',
      what: 'added latency, one connection',
      measured: `p50 ${(p50Us / 1000).toFixed(2)} ms, p99 ${(p99Us / 1000).toFixed(2)} ms`,
      bar: '<= 0.25 ms, <= 1 ms',
      passed: p50Us <= 250 && p99Us <= 1000,
      figures: { p50Us, p99Us },
    },
  ];
}

/** P3: large bodies in the same dialect. */
export async function largeBodies(rig: Rig): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const kilobytes of [100, 300]) {
    const comparison = await compare(rig, planOf('bench', kilobytes * 1000, 32, 3, 3));
    verdicts.push(atLeast('P3', `chat, ${kilobytes} kB`, comparison, 1.5));
  }
  return verdicts;
}

interface Client {
  readonly what: string;
  readonly path: string;
  /** The dialect of providers that speak as it does. */
  readonly own: string;
  readonly asked: (chat: Chat, model: string) => object;
}

/** The same question in the words of other clients. */
const CLIENTS: readonly Client[] = [
  {
    what: 'Messages',
    path: '/v1/messages',
    own: 'anthropic',
    asked: ({ messages: [system, ...messages], ...chat }, model) => ({ ...chat, model, system: system?.content, messages }),
  },
  {
    what: 'Responses',
    path: '/v1/responses',
    own: 'responses',
    asked: ({ messages, max_tokens: most, temperature }, model) => ({
      model,
      temperature,
      max_output_tokens: most,
      input: messages,
      store: false,
    }),
  },
  {
    what: "Gemini's",
    path: '/v1beta/models/{model}:generateContent',
    own: 'gemini',
    asked: ({ messages: [system, ...messages], max_tokens: maxOutputTokens, temperature }) => ({
      systemInstruction: { parts: [{ text: system?.content }] },
      contents: messages.map(({ content }) => ({ role: 'user', parts: [{ text: content }] })),
      generationConfig: { maxOutputTokens, temperature },
    }),
  },
];

function askedBy({ path, asked }: Client, model: string, rounds: number): ComparePlan {
  const plan = planOf('bench', 512, 32, 3, rounds);
  const body = JSON.stringify(asked(JSON.parse(plan.relay.body) as Chat, model));
  return { ...plan, gateway: { path: path.replace('{model}', model), body } };
}

interface Chat {
  readonly max_tokens: number;
  readonly temperature: number;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
}

/** P4: other dialects at the provider, and at the client. */
export async function translated(rig: Rig): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const dialect of ['responses', 'anthropic', 'ollama', 'gemini', 'cohere', 'bedrock']) {
    const comparison = await compare(rig, planOf(`bench-${dialect}`, 512, 32, 3, 3));
    verdicts.push(atLeast('P4', `chat, 0.5 kB, ${dialect} upstream`, comparison, 0.45));
  }
  for (const client of CLIENTS)
    verdicts.push(atLeast('P4', `${client.what}, 0.5 kB, openai upstream`, await compare(rig, askedBy(client, 'bench', 3)), 0.45));
  const passed = { ...planOf('bench-upstream', 512, 32, 3, 3).gateway, path: `/openai_passthrough${CHAT}` };
  const comparison = await compare(rig, { ...planOf('bench', 512, 32, 3, 3), gateway: passed });
  verdicts.push(atLeast('P4', 'chat, 0.5 kB, passed as it is', comparison, 0.45));
  return verdicts;
}

function atLeast(id: string, what: string, comparison: Comparison, bar: number): Verdict {
  const rate = rateOf(comparison);
  const { relay, gateway } = comparison;
  return {
    id,
    what,
    measured: `${percent(rate)} of the relay; CPU ${gateway.cpuUs.toFixed(0)} µs by ${relay.cpuUs.toFixed(0)} µs`,
    bar: `>= ${percent(bar)}`,
    passed: rate >= bar,
    ...noteOf(comparison),
    figures: figuresOf(comparison),
  };
}

import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { signed } from '../../src/providers/aws/sigv4.ts';
import { bytesOf, eventsOf } from '../dialects/bedrock/asking.ts';
import { exception } from '../support/aws-frames.ts';
import { FakeProvider, json, type Behaviour, type SeenRequest } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { wireCase } from '../dialects/wire-case.ts';
import { assumed, refusedBySts, session } from '../providers/aws/sts-wire.ts';
import { contentOf, eventsIn, lastRow } from './leaks.ts';

const KEYS = { accessKeyId: 'AKIAEXAMPLE00000', secretAccessKey: 'a-very-secret-access-key', sessionToken: 'a-session-token' };
const PRICES =
  'input_cost_per_token: 0.000003, output_cost_per_token: 0.000015, cache_read_input_token_cost: 0.0000003, cache_creation_input_token_cost: 0.00000375';
const ROLE = 'arn:aws:iam::123456789012:role/models';
const CLAUDE = 'us.anthropic.claude-sonnet-4-20250514-v1:0';

let provider: FakeProvider;
let gateway: TestGateway;
let key: string;

beforeAll(async () => {
  provider = await FakeProvider.start();
  const signing = `aws_access_key_id: ${KEYS.accessKeyId}, aws_secret_access_key: ${KEYS.secretAccessKey}, aws_session_token: ${KEYS.sessionToken}, aws_region_name: eu-central-1, aws_bedrock_runtime_endpoint: "${provider.url}"`;
  const row = (name: string, model: string, more = signing): string =>
    `  - { model_name: ${name}, litellm_params: { model: "bedrock/${model}", ${PRICES}, ${more} } }\n`;
  gateway = await startGateway(`model_list:
${row('claude', `converse/${CLAUDE}`)}${row('bearer', CLAUDE, `api_base: "${provider.url}", api_key: a-bedrock-api-key, aws_region_name: us-east-1`)}${row('titan', 'amazon.titan-embed-text-v2:0')}${row('embed', 'cohere.embed-multilingual-v3')}
${row('role', CLAUDE, `${signing}, aws_role_name: "${ROLE}", aws_external_id: house, aws_sts_endpoint: "${provider.url}", use_in_pass_through: true`)}
router_settings: { num_retries: 0, disable_cooldowns: true }
`);
  key = await gateway.key({ max_budget: 10 });
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

/** Answers as a documented exchange says: by the frames of its stream, cut in two, where a stream was asked for. */
function wire(name: string): Behaviour {
  return (request, response) => {
    if (!request.path.endsWith('/converse-stream')) {
      const { about, response: body } = wireCase(`bedrock/${name}`);
      return json(body, about.status ?? 200, about.headers)(request, response);
    }
    return frames(bytesOf(eventsOf(name)))(request, response);
  };
}

function frames(bytes: Buffer): Behaviour {
  return async (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
    response.write(bytes.subarray(0, 50));
    await new Promise(setImmediate);
    response.end(bytes.subarray(50));
  };
}

function ask(model: string, more: Record<string, unknown> = {}): Promise<Response> {
  return gateway.call('POST', '/v1/chat/completions', { model, messages: [{ role: 'user', content: 'Grüße 🌍' }], ...more }, key);
}

/** The signature that AWS would make of what arrived. */
function expectSigned({ method, path, headers, body }: SeenRequest): void {
  const { host = '', 'content-type': type = '', 'x-amz-date': date, 'x-amz-security-token': token } = headers;
  expect(token).toBe(KEYS.sessionToken);
  const time = String(date).replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  expect(Math.abs(Date.parse(time) - Date.now())).toBeLessThan(60_000);
  const request = { method, origin: `http://${host}`, path, headers: { 'content-type': type }, body };
  const scope = { region: 'eu-central-1', service: 'bedrock' };
  expect(headers.authorization).toBe(signed(request, KEYS, scope, Date.parse(time))['authorization']);
}

test('a call is signed over what arrives, and paid for with what was cached', async () => {
  provider.behaviour = wire('cached-prompt');
  const answer = await ask('claude', { max_tokens: 50 });
  expect(answer.status).toBe(200);
  expect(provider.last).toMatchObject({ method: 'POST', path: `/model/${encodeURIComponent(CLAUDE)}/converse` });
  expectSigned(provider.last);
  expect(provider.last.json).toEqual({ messages: [{ role: 'user', content: [{ text: 'Grüße 🌍' }] }], inferenceConfig: { maxTokens: 50 } });
  const body = (await answer.json()) as { choices: unknown[]; usage: unknown };
  expect(body).toMatchObject({
    model: 'claude',
    choices: [{ finish_reason: 'stop', message: { content: 'Yes.' } }],
    usage: { prompt_tokens: 2808, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 2000 }, cache_creation_input_tokens: 800 },
  });
  // 8 plain, 2,000 read and 800 written tokens, and 5 of the answer.
  expect(await lastRow(gateway)).toMatchObject({ prompt_tokens: 2808, completion_tokens: 5, cache_read_tokens: 2000, spend: '0.003699' });
});

test('a stream is told in the words of OpenAI, signed and paid for alike', async () => {
  provider.behaviour = wire('text');
  const text = await (await ask('claude', { stream: true, stream_options: { include_usage: true } })).text();
  expect(provider.last.path).toBe(`/model/${encodeURIComponent(CLAUDE)}/converse-stream`);
  expect(provider.last.headers.accept).toBe('application/vnd.amazon.eventstream');
  expectSigned(provider.last);
  const events = eventsIn(text);
  expect(contentOf(events)).toBe('Light scatters — blue most 🌍.');
  expect(events.at(-1)).toBe('[DONE]');
  expect(events.at(-2)).toMatchObject({ choices: [], usage: { prompt_tokens: 512, completion_tokens: 12 } });
  expect(await lastRow(gateway)).toMatchObject({ spend: '0.001716', prompt_tokens: 512, completion_tokens: 12 });
});

test('a whole answer in place of a stream is told as one', async () => {
  provider.behaviour = json(wireCase('bedrock/text').response);
  const events = eventsIn(await (await ask('claude', { stream: true })).text());
  expect([contentOf(events), events.at(-1)]).toEqual(['Light scatters — blue most 🌍.', '[DONE]']);
});

test('an API key goes as a bearer, without a signature', async () => {
  provider.behaviour = wire('text');
  expect((await ask('bearer')).status).toBe(200);
  expect(provider.last.headers).toMatchObject({ authorization: 'Bearer a-bedrock-api-key' });
  expect(provider.last.headers).not.toHaveProperty('x-amz-date');
});

test('thoughts go to the client as blocks and come back with their proof, over two turns', async () => {
  provider.behaviour = wire('thinking-with-tools');
  const tools = [
    { type: 'function', function: { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } } },
  ];
  const asked = { tools, reasoning_effort: 'medium' };
  const { choices } = (await (await ask('claude', asked)).json()) as { choices: { message: Record<string, unknown> }[] };
  const message = choices[0]?.message ?? {};
  expect(message).toMatchObject({
    reasoning_content: 'The weather is asked for.',
    thinking_blocks: [{ type: 'thinking', thinking: 'The weather is asked for.', signature: 'EqoBCkgIARAB' }],
  });
  const told = await (await ask('claude', { ...asked, stream: true })).text();
  expect(told).toContain('"signature":"EqoBCkgIARAB"');
  const answered = [{ role: 'user', content: 'Hi' }, message, { role: 'tool', tool_call_id: 'tooluse_A1', content: '11 degrees' }];
  await ask('claude', { ...asked, messages: answered });
  expect(provider.last.json['messages']).toEqual(wireCase('bedrock/thinking-with-tools').request['messages']);
});

test('what has no other home stands in the fields of the provider', async () => {
  provider.behaviour = wire('guardrail');
  const { choices } = (await (await ask('claude')).json()) as { choices: { message: unknown }[] };
  expect(choices[0]).toMatchObject({
    finish_reason: 'content_filter',
    message: { provider_specific_fields: { native_finish_reason: 'guardrail_intervened', trace: { guardrail: expect.anything() } } },
  });
});

describe('failures', () => {
  test('before the answer are HTTP statuses, also when a stream was asked for and begins with one', async () => {
    provider.behaviour = wire('error-429');
    const refused = await ask('claude');
    expect([refused.status, await refused.text()]).toEqual([429, expect.stringContaining('Too many tokens, please wait')]);
    provider.behaviour = frames(exception('serviceUnavailableException', 'Try again later, all of the capacity of this model is in use'));
    const broken = await ask('claude', { stream: true });
    expect([broken.status, await broken.text()]).toEqual([503, expect.stringContaining('Try again later')]);
  });

  test('in a stream end it with an error', async () => {
    const start = bytesOf(eventsOf('text').slice(0, 2));
    provider.behaviour = frames(Buffer.concat([start, exception('modelStreamErrorException', 'The model broke')]));
    const text = await (await ask('claude', { stream: true })).text();
    expect(eventsIn(text).at(-1)).toMatchObject({ error: { message: expect.stringContaining('The model broke') } });
    expect(text).not.toContain('[DONE]');
    expect(await lastRow(gateway)).toMatchObject({ status: 'failure' });
  });

  test('by a damaged stream are told', async () => {
    const bytes = bytesOf(eventsOf('text'));
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    provider.behaviour = frames(bytes);
    const answer = await ask('claude', { stream: true });
    expect([answer.status, await answer.text()]).toEqual([502, expect.stringContaining('checksum')]);
  });

  test('do not repeat a secret of ours', async () => {
    provider.behaviour = json({ message: `Not ${KEYS.secretAccessKey} nor ${KEYS.sessionToken}` }, 403, {
      'x-amzn-errortype': 'ExpiredTokenException',
    });
    const answer = await ask('claude');
    const text = await answer.text();
    expect(answer.status).toBe(401);
    expect(text).toContain('Not *** nor ***');
  });
});

describe('a role', () => {
  /** Numbered sessions; calls go to `call`. */
  function house(call: Behaviour): Behaviour {
    let count = 0;
    const end = new Date(Date.now() + 3_600_000).toISOString();
    return (request, response) => (request.path === '/' ? assumed('AssumeRole', session(++count, end)) : call)(request, response);
  }

  const signers = (): (string | undefined)[] =>
    provider.seen.map(({ headers }) =>
      /Credential=([^/]+)\/\d+\/([\w-]+\/\w+)/
        .exec(headers.authorization ?? '')
        ?.slice(1)
        .join(' '),
    );

  test('that may not be taken on is told to the client, without a call and without a secret', async () => {
    provider.behaviour = refusedBySts('AccessDenied', `${KEYS.accessKeyId} may not`, 403);
    const before = provider.seen.length;
    const answer = await ask('role');
    const text = await answer.text();
    expect([answer.status, provider.seen.length - before]).toEqual([401, 1]);
    expect(text).toContain('AccessDenied: *** may not. Check aws_role_name, aws_external_id');
    expect(text).not.toContain(KEYS.accessKeyId);
  });

  test('is taken on before the first call, and its session signs calls and requests that pass', async () => {
    provider.behaviour = house(wire('text'));
    provider.seen.length = 0;
    expect((await ask('role')).status).toBe(200);
    const events = eventsIn(await (await ask('role', { stream: true })).text());
    expect(events.at(-1)).toBe('[DONE]');
    expect((await gateway.call('POST', '/bedrock/model/role/converse', { messages: [] }, key)).status).toBe(200);
    const call = 'ASIASESSION00001 eu-central-1/bedrock';
    expect(signers()).toEqual([`${KEYS.accessKeyId} eu-central-1/sts`, call, call, call]);
    expect(provider.last.headers['x-amz-security-token']).toBe('session-token/1==');
  });

  test('is taken on again when AWS does not believe its session any more, and the call goes on', async () => {
    const real = performance.now.bind(performance);
    // Two minutes later: a session that is quite new is not to blame.
    const later = vi.spyOn(performance, 'now').mockImplementation(() => real() + 120_000);
    onTestFinished(() => {
      later.mockRestore();
    });
    const expired = json({ message: 'The security token session-token/1== included in the request is expired' }, 403, {
      'x-amzn-errortype': 'ExpiredTokenException',
    });
    provider.behaviour = house((request, response) => (provider.seen.length === 1 ? expired : wire('text'))(request, response));
    provider.seen.length = 0;
    const answer = await ask('role');
    expect([answer.status, answer.headers.get('x-litellm-attempted-retries')]).toEqual([200, '1']);
    expect(signers().map((signer) => signer?.split('/').at(-1))).toEqual(['bedrock', 'sts', 'bedrock']);
  });
});

describe('embeddings', () => {
  const embed = (model: string, input: string[]) => gateway.call('POST', '/v1/embeddings', { model, input }, key);

  test('of several texts are several signed calls to Titan, and paid for together', async () => {
    provider.behaviour = wire('titan-embedding');
    const before = provider.seen.length;
    const answer = await embed('titan', ['a', 'b']);
    const calls = provider.seen.slice(before);
    expect(calls.map(({ json: { inputText } }) => inputText)).toEqual(['a', 'b']);
    for (const one of calls) expectSigned(one);
    expect(await answer.json()).toMatchObject({ data: [{ index: 0 }, { index: 1 }], usage: { prompt_tokens: 12 } });
    expect(await lastRow(gateway)).toMatchObject({ prompt_tokens: 12, spend: '0.000036' });
  });

  test('are counted by a header of the answer', async () => {
    provider.behaviour = wire('cohere-embeddings');
    expect(await (await embed('embed', ['a', 'b'])).json()).toMatchObject({ usage: { prompt_tokens: 4 } });
  });
});

test('a Messages client’s betas reach Claude, those that Bedrock knows', async () => {
  provider.behaviour = wire('text');
  const betas = { 'anthropic-beta': 'interleaved-thinking-2025-05-14,claude-code-20250219' };
  const asked = { model: 'claude', max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }] };
  expect((await gateway.call('POST', '/v1/messages', asked, key, betas)).status).toBe(200);
  expect(provider.last.json['additionalModelRequestFields']).toEqual({ anthropic_beta: ['interleaved-thinking-2025-05-14'] });
});

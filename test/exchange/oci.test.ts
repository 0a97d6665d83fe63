import { createHash, verify } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json-object.ts';
import { membersIn, newSigningKey } from '../providers/oci/signing-key.ts';
import { FakeProvider, json, type SeenRequest } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { wire } from '../support/wire-answers.ts';

const { pem, publicKey } = newSigningKey();
const LLAMA = 'meta.llama-3.3-70b-instruct';

let provider: FakeProvider;
let gateway: TestGateway;
let folder: string;

beforeAll(async () => {
  provider = await FakeProvider.start();
  folder = mkdtempSync(join(tmpdir(), 'oci-'));
  writeFileSync(join(folder, 'key.pem'), pem);
  writeFileSync(
    join(folder, 'config'),
    `[DEFAULT]\nuser=user-file\ntenancy=tenancy-file\nfingerprint=cc:03\nkey_file=${folder}/key.pem\nregion=eu-paris-1\n`,
  );
  const signed = `oci_user: user-1, oci_tenancy: tenancy-1, oci_fingerprint: "20:30:40", oci_region: eu-frankfurt-1, oci_key_file: ${folder}/key.pem`;
  const row = (name: string, model: string, more: string): string =>
    `  - { model_name: ${name}, litellm_params: { model: "oci/${model}", api_base: "${provider.url}", input_cost_per_token: 0.000001, output_cost_per_token: 0.000002, ${more} } }\n`;
  gateway = await startGateway(
    `model_list:
${row('llama', LLAMA, `${signed}, oci_compartment_id: c-1`)}${row('command', 'cohere.command-r-08-2024', `${signed}, oci_compartment_id: c-1`)}${row('command-a', 'cohere.command-a-03-2025', `${signed}, oci_compartment_id: c-1`)}${row('mine', 'our-own', `${signed}, oci_compartment_id: c-1, oci_endpoint_id: ocid1.generativeaiendpoint.oc1..e, oci_api_format: COHERE`)}${row('filed', LLAMA, 'oci_compartment_id: c-2')}${row('keyed', LLAMA, 'api_key: a-generative-ai-key, oci_region: a')}${row('vectors', 'cohere.embed-multilingual-v3.0', `${signed}, oci_compartment_id: c-1`)}${row('ranks', 'cohere.rerank.v3-5', `${signed}, oci_compartment_id: c-1, input_cost_per_query: 0.002`)}${row('nowhere', LLAMA, signed)}router_settings: { num_retries: 0, disable_cooldowns: true }
`,
    { OCI_CONFIG_FILE: join(folder, 'config') },
  );
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
  rmSync(folder, { recursive: true });
});

const ask = (model: string, more: object = {}): Promise<Response> =>
  gateway.call('POST', '/v1/chat/completions', { model, messages: [{ role: 'user', content: 'Hi' }], ...more });

/** The key's id when the request as it arrived bears its signature; else null. */
function signerOf({ method, path, headers, body }: SeenRequest): string | null {
  const { keyId = '', headers: names, signature = '' } = membersIn(headers.authorization ?? '');
  const digest = createHash('sha256').update(body).digest('base64');
  const text = `(request-target): ${method.toLowerCase()} ${path}\ndate: ${headers.date}\nhost: ${headers.host}\nx-content-sha256: ${digest}\ncontent-type: application/json\ncontent-length: ${body.length}`;
  const isWhole =
    names === '(request-target) date host x-content-sha256 content-type content-length' &&
    headers['content-length'] === String(body.length);
  return isWhole && verify('sha256', Buffer.from(text), publicKey, Buffer.from(signature, 'base64')) ? keyId : null;
}

describe('Oracle Cloud', () => {
  test('is asked under a signature over what is sent, in the compartment of the deployment', async () => {
    provider.behaviour = wire('oci/text');
    const answer = await ask('llama', { max_tokens: 50, oci_compartment_id: 'c-of-the-client' });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      model: 'llama',
      choices: [{ message: { content: 'Grüße aus Zürich! 🌍' }, finish_reason: 'stop' }],
    });
    expect(provider.last.path).toBe('/20231130/actions/chat');
    expect(signerOf(provider.last)).toBe('tenancy-1/user-1/20:30:40');
    expect(Math.abs(Date.parse(provider.last.headers.date ?? '') - Date.now())).toBeLessThan(60_000);
    expect(provider.last.json).toEqual({
      compartmentId: 'c-1',
      servingMode: { servingType: 'ON_DEMAND', modelId: LLAMA },
      chatRequest: { apiFormat: 'GENERIC', messages: [{ role: 'USER', content: [{ type: 'TEXT', text: 'Hi' }] }], maxTokens: 50 },
    });
    expect((await gateway.rows()).at(-1)).toMatchObject({ spend: '0.000039', custom_llm_provider: 'oci', status: 'success' });
  });

  test.each([
    ['llama', 'oci/text', '0.000039'],
    ['command', 'oci-cohere/text', '0.000025'],
    ['command-a', 'oci-cohere-v2/text', '0.000025'],
  ])('streams, and is booked by its last event (%s)', async (model, name, spend) => {
    provider.behaviour = wire(name);
    const text = await (await ask(model, { stream: true, stream_options: { include_usage: true } })).text();
    expect(provider.last.json).toMatchObject({ chatRequest: { isStream: true, streamOptions: { isIncludeUsage: true } } });
    expect(signerOf(provider.last)).not.toBeNull();
    expect(text.match(/Zürich/g)).toHaveLength(1);
    expect(text.match(/data: \[DONE\]/g)).toHaveLength(1);
    expect((await gateway.rows()).at(-1)).toMatchObject({ spend, status: 'success' });
  });

  test('does not wait for a connection that stays open behind the end', async () => {
    provider.behaviour = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"apiFormat":"COHEREV2","message":{"role":"ASSISTANT","content":[{"type":"TEXT","text":"Hi"}]}}\n');
      response.write(
        'data: {"apiFormat":"COHEREV2","message":{"role":"ASSISTANT"},"finishReason":"COMPLETE","usage":{"promptTokens":3,"completionTokens":1}}\n\n',
      );
    };
    const text = await (await ask('command-a', { stream: true })).text();
    expect(text).toContain('data: [DONE]');
    expect((await gateway.rows()).at(-1)).toMatchObject({ spend: '0.000005', status: 'success' });
  });

  test('is asked at an endpoint of the owner’s, in the form that it speaks', async () => {
    provider.behaviour = wire('oci-cohere/text');
    expect((await ask('mine')).status).toBe(200);
    expect(provider.last.json).toMatchObject({
      servingMode: { servingType: 'DEDICATED', endpointId: 'ocid1.generativeaiendpoint.oc1..e' },
      chatRequest: { apiFormat: 'COHERE', message: 'Hi' },
    });
  });

  test('turns on through calls and their results', async () => {
    provider.behaviour = wire('oci-cohere/tool-calls');
    const tools = [
      { type: 'function', function: { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } } },
    ];
    const answer = (await (await ask('command', { tools })).json()) as {
      choices: { message: JsonObject & { tool_calls: { id: string }[] } }[];
    };
    const message = answer.choices[0]?.message;
    provider.behaviour = wire('oci-cohere/text');
    const results = (message?.tool_calls ?? []).map(({ id }) => ({ role: 'tool', tool_call_id: id, content: 'rain' }));
    const next = await gateway.call('POST', '/v1/chat/completions', {
      model: 'command',
      tools,
      messages: [{ role: 'user', content: 'Hi' }, message, ...results],
    });
    expect(next.status).toBe(200);
    const { chatRequest } = provider.last.json as { chatRequest: JsonObject };
    expect(chatRequest).toMatchObject({ message: '', chatHistory: [{ role: 'USER' }, { role: 'CHATBOT', message: 'I look.' }] });
    expect(chatRequest['toolResults']).toEqual(
      [['get_weather', { city: 'Graz' }], ['get_weather', { city: 'Linz' }], ['get_time', {}]].map(([name, parameters]) => ({ call: { name, parameters }, outputs: [{ output: 'rain' }] })),
    ); // prettier-ignore
  });

  test('takes a Generative AI API key as it is, in the words of OpenAI', async () => {
    provider.behaviour = wire('openai/text');
    expect((await ask('keyed')).status).toBe(200);
    expect(provider.last).toMatchObject({
      path: '/20231130/actions/v1/chat/completions',
      headers: { authorization: 'Bearer a-generative-ai-key' },
      json: { model: LLAMA },
    });
  });

  test('embeds and ranks', async () => {
    provider.behaviour = wire('oci/embeddings');
    const vectors = await gateway.call('POST', '/v1/embeddings', { model: 'vectors', input: ['a', 'b'] });
    expect(((await vectors.json()) as { data: { embedding: number[] }[] }).data.map(({ embedding }) => embedding)).toEqual([[0.25, -0.5], [1, 2]]); // prettier-ignore
    expect([provider.last.path, signerOf(provider.last)]).toEqual(['/20231130/actions/embedText', 'tenancy-1/user-1/20:30:40']);
    expect((await gateway.rows()).at(-1)).toMatchObject({ spend: '0.000006' });
    provider.behaviour = wire('rerank/oci');
    const ranks = await gateway.call('POST', '/v1/rerank', {
      model: 'ranks',
      query: 'Who barks?',
      documents: ['a', 'b', 'c'],
      top_n: 2,
      max_tokens_per_doc: 100,
    });
    expect(await ranks.json()).toMatchObject({ id: 'rr-1', results: [{ index: 2, relevance_score: 0.75 }, { index: 0, relevance_score: 0.25 }] }); // prettier-ignore
    expect([provider.last.path, signerOf(provider.last)]).toEqual(['/20231130/actions/rerankText', 'tenancy-1/user-1/20:30:40']);
    expect(provider.last.json).toEqual({
      compartmentId: 'c-1',
      servingMode: { servingType: 'ON_DEMAND', modelId: 'cohere.rerank.v3-5' },
      input: 'Who barks?',
      documents: ['a', 'b', 'c'],
      topN: 2,
      maxTokensPerDocument: 100,
    });
    // A query, and the tokens that we count where nobody tells them.
    expect((await gateway.rows()).at(-1)).toMatchObject({ spend: '0.002015' });
  });

  test('whose refusal repeats the key does not make it known', async () => {
    provider.behaviour = json({ code: 'NotAuthenticated', message: `Bad key ${pem.trim()}` }, 401);
    const answer = await ask('llama');
    expect(answer.status).toBe(401);
    expect(await answer.text()).not.toContain(pem.slice(100, 160));
  });

  test('is signed for by Oracle’s file where nothing else says who asks', async () => {
    provider.behaviour = wire('oci/text');
    expect((await ask('filed')).status).toBe(200);
    expect(signerOf(provider.last)).toBe('tenancy-file/user-file/cc:03');
  });

  test('without a compartment is a model that cannot be called, and the others can', async () => {
    expect((await ask('nowhere')).status).toBe(400);
  });
});

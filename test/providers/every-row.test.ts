/* oxlint-disable vitest/no-standalone-expect -- the checks stand in a table and run inside the tests that walk the rows */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json-object.ts';
import { whyNotCallable } from '../../src/providers/catalogue/catalogue.ts';
import { Quirks } from '../../src/providers/catalogue/quirks.ts';
import type { ProviderRow } from '../../src/providers/catalogue/row.ts';
import type { Grant } from '../../src/providers/tokens/grant.ts';
import { urlOf } from '../../src/providers/resolve.ts';
import { applyQuirks } from '../../src/providers/quirks/apply.ts';
import { resolve } from './resolving.ts';

/**
 * Walks the rows as they stand in the file. What is expected is worked out here from the row alone, one small check for each
 * quirk, so that a quirk the interpreter forgets is missed at the rows that have it.
 */

interface RawRow extends ProviderRow {
  readonly quirks?: Quirks;
}

const file = JSON.parse(readFileSync(new URL('../../src/providers/catalogue/providers.json', import.meta.url), 'utf8')) as {
  providers: RawRow[];
  dialects: { openai: Quirks };
};
const callable = file.providers.filter((row) => whyNotCallable(row) === null);
const MODEL = 'test-model-1';
const PATHS = {
  openai: '/chat/completions',
  anthropic: '/v1/messages',
  ollama: '/api/chat',
  cohere: '/v2/chat',
  gemini: '/v1beta/models/test-model-1:generateContent',
  bedrock: '/model/test-model-1/converse',
  vectors: '/embeddings',
  pictures: '/images/generations',
  watsonx: '/ml/v1/text/chat',
  prompted: '/generate',
  oci: '/20231130/actions/chat',
  a2a: '',
  coze: '/v3/chat',
  dify: '/chat-messages',
  langflow: '/api/v1/run/test-model-1',
  langgraph: '/runs/wait',
  replicate: '/models/owner/test-model-1/predictions',
  gigachat: '/chat/completions',
  sap: '/v2/completion',
  voices: '/tts/bytes',
} as const;

/** Values for every placeholder, and a base for rows that have none of their own. */
function paramsFor(row: RawRow, model = MODEL): JsonObject {
  const places = Object.fromEntries(
    Object.values(row.placeholders ?? {}).flatMap(({ params }) => params.slice(0, 1).map((name) => [name, 'place'])),
  );
  const base = row.base === undefined ? { api_base: 'http://10.1.2.3:8000/v1' } : {};
  return { model: `${row.id}/${model}`, api_key: row.auth.sap ? serviceKey('sk-test') : 'sk-test', ...places, ...base };
}

/** A key of SAP says more than itself. */
function serviceKey(secret: string): string {
  return JSON.stringify({
    clientid: 'c',
    clientsecret: secret,
    url: 'https://auth.example',
    serviceurls: { AI_API_URL: 'https://api.example' },
  });
}

/** What of a credential is exchanged for a token; null: it is sent as it is. */
function exchanged(grant: Grant | null): string | null {
  switch (grant?.issuer) {
    case 'copilot':
      return grant.token;
    case 'ibm':
      return grant.apiKey;
    case 'gigachat':
      return grant.credentials;
    case 'sap':
      return grant.clientSecret;
    default:
      return null;
  }
}

/** A key of SAP in parts, which do not say where SAP is. */
const SAP_PARTS = { client_id: 'c', client_secret: 'k', auth_url: 'https://auth.example' };

/** Placeholders that only a variable fills. */
function variablesFor(row: RawRow): Record<string, string> {
  const unnamed = Object.values(row.placeholders ?? {}).filter(({ params }) => params.length === 0);
  return Object.fromEntries(unnamed.map(({ env }) => [env[0] ?? '', 'place']));
}

describe.each(callable)('$id', (row) => {
  test('is asked at its own address with its own credential', () => {
    const resolved = resolve(paramsFor(row), variablesFor(row));
    expect(resolved.provider).toBe(row.id);
    const path = PATHS[row.dialect as keyof typeof PATHS];
    const base = (row.base ?? 'http://10.1.2.3:8000/v1')
      .replace('{model}', MODEL)
      .replace(/\{\w+\}/g, 'place')
      .replace(/\/$/, '');
    const own = row.paths?.[path] ?? path;
    // Oracle takes a key that is sent at paths of OpenAI's kind alone, which oci/sign-in.test.ts tells.
    if (row.auth.type === 'oci')
      return expect([resolved.base, resolved.credentials]).toEqual([`${base}/20231130/actions/v1`, { authorization: 'Bearer sk-test' }]);
    const version = /^\/v\d\w*(?=\/)/.exec(own)?.[0] ?? '';
    const shared = version !== '' && /\/v\d+\w*$/.test(base) ? own.slice(version.length) : own;
    // Where a base becomes addresses by rules of its own, azure-addresses.test.ts and vertex-places.test.ts tell which.
    const query = row.query ? `?${new URLSearchParams(row.query).toString()}` : '';
    if (row.addresses === undefined) expect(urlOf(resolved, path).href).toBe(base + shared + query);
    else expect(urlOf(resolved, path).origin).toBe(base);
    const expected: Record<string, string> = { [row.auth.header ?? '']: `${row.auth.prefix}sk-test` };
    for (const { header, prefix } of row.auth.also ?? []) expected[header] = `${prefix}sk-test`;
    // Keys of IBM, GitHub, Sber and SAP are exchanged for tokens.
    if (row.auth.ibm || row.auth.copilot || row.auth.gigachat || row.auth.sap)
      expect([resolved.credentials, exchanged(resolved.grant)]).toEqual([{}, 'sk-test']);
    else expect(resolved.credentials).toEqual(expected);
    for (const { name, value } of row.headers ?? []) if (value !== undefined) expect(resolved.headers[name]).toBe(value);
    expect(resolved.dropHeaders).toEqual(row.dropHeaders ?? []);
  });

  test('finds its key and base in each of its variables, and without a key says which is missing', () => {
    const { api_key: _, ...params } = paramsFor(row);
    for (const name of row.keys ?? []) {
      const { credentials, grant } = resolve(params, { ...variablesFor(row), [name]: row.auth.sap ? serviceKey('sk-env') : 'sk-env' });
      const token = exchanged(grant);
      expect(token === null ? Object.values(credentials)[0] : `Bearer ${token}`).toBe(`${row.auth.prefix}sk-env`);
    }
    for (const variable of row.bases ?? []) {
      const { name, suffix = '' } = typeof variable === 'string' ? { name: variable } : variable;
      const { api_base: __, ...bare } = params;
      expect(resolve({ ...bare, ...(row.auth.sap ? SAP_PARTS : { api_key: 'k' }) }, { [name]: 'https://moved.example/x' }).base).toBe(
        `https://moved.example/x${suffix}`,
      );
    }
    if (
      row.base === undefined ||
      row.auth.type === 'none' ||
      row.auth.type === 'sigv4' ||
      row.auth.type === 'oci' ||
      row.auth.google ||
      row.auth.entra ||
      row.auth.optional ||
      row.local
    )
      return;
    const missing = `${row.name} needs a key: set api_key${row.keys ? ` or ${row.keys[0]}` : ''}.`;
    expect(() => resolve(params, variablesFor(row))).toThrow(expect.objectContaining({ name: 'UnresolvedDeployment', message: missing }));
  });
});

type Check<K extends keyof Quirks> = (
  value: NonNullable<Quirks[K]>,
  ask: (body: JsonObject, options?: Options) => JsonObject,
  row: RawRow,
) => void;
interface Options {
  readonly drop?: boolean;
  readonly lacking?: boolean;
}

const user = { role: 'user', content: 'hi' };
const call = (id: string): JsonObject => ({
  role: 'assistant',
  content: null,
  tool_calls: [{ id, type: 'function', function: { name: 'f', arguments: '{}' } }],
});
const messagesOf = (body: JsonObject): JsonObject[] => body['messages'] as JsonObject[];
const at = (body: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((value, name) => (value as JsonObject | undefined)?.[name], body);
const tool = {
  type: 'function',
  function: {
    name: 'f',
    strict: true,
    parameters: { $id: 'i', $schema: 's', type: 'object', additionalProperties: false, properties: {} },
  },
};

/** One check for each quirk of the schema: `satisfies` makes a new quirk without a check fail to compile. */
const CHECKS = {
  rename: (names, ask) => {
    for (const [from, to] of Object.entries(names)) {
      const body = ask({ [from]: 7 });
      expect([at(body, to), body[from]]).toEqual([7, undefined]);
    }
  },
  drop: (names, ask) => {
    for (const name of names) expect(ask({ [name]: 'x' }, { drop: false })).not.toHaveProperty(name);
  },
  unsupported: (rules, ask) => {
    for (const rule of rules) {
      const { param, above, lacks, notIn } = typeof rule === 'string' ? { param: rule } : rule;
      const value = above === undefined ? (notIn ? 'required' : param === 'tools' ? [tool] : { odd: true }) : above + 1;
      const body = { [param]: value, ...(param === 'tool_choice' ? { tools: [tool] } : {}) };
      const options = { lacking: lacks !== undefined };
      expect(() => ask(body, { ...options, drop: false })).toThrow(`"${param}"`);
      expect(ask(body, { ...options, drop: true })).not.toHaveProperty(param);
    }
  },
  supported: (names, ask) => {
    for (const name of ['seed', 'temperature', 'logit_bias', 'top_logprobs', 'response_format']) {
      if (names.includes(name)) continue;
      expect(() => ask({ [name]: 5 }, { drop: false })).toThrow(`"${name}"`);
      expect(ask({ [name]: 5 }, { drop: true })).not.toHaveProperty(name);
    }
  },
  accepts: (names, ask, row) => {
    for (const name of names)
      if (!row.quirks?.drop?.includes(name)) expect(ask({ [name]: 'x' }, { drop: false })).toHaveProperty(name, 'x');
  },
  acceptsWith: () => expect.fail('no row has it outside its model rules'),
  values: (tables, ask) => {
    for (const [param, table] of Object.entries(tables)) {
      for (const [key, sent] of Object.entries(table)) {
        const asked =
          key === '*' ? 'medium' : key === '{object}' ? { type: 'function', function: { name: 'f' } } : /^\d/.test(key) ? Number(key) : key;
        const body = ask({ [param]: asked, tools: [tool] });
        if (sent === null) expect(body).not.toHaveProperty(param);
        else if (typeof sent === 'object')
          expect(body).toMatchObject(JSON.parse(JSON.stringify(sent).replaceAll('"*"', JSON.stringify(asked))) as JsonObject);
        else expect(body[param]).toBe(sent);
      }
    }
  },
  clamp: (ranges, ask) => {
    for (const [param, [low, high]] of Object.entries(ranges))
      expect([ask({ [param]: low - 1 })[param], ask({ [param]: high + 1 })[param]]).toEqual([low, high]);
  },
  atLeast: (rules, ask) => {
    for (const { param, value, when } of rules) {
      expect(ask({ [param]: value / 2, [when.param]: when.above + 1 })[param]).toBe(value);
      expect(ask({ [param]: value / 2, [when.param]: when.above })[param]).toBe(value / 2);
    }
  },
  maxItems: (limits, ask) => {
    for (const [param, most] of Object.entries(limits))
      expect(ask({ [param]: Array.from({ length: most + 3 }, String) })[param]).toHaveLength(most);
  },
  defaults: (members, ask) => {
    expect(ask({})).toMatchObject(members);
    for (const name of Object.keys(members)) expect(ask({ [name]: 'mine' })[name]).toBe('mine');
  },
  force: (members, ask) => {
    expect(ask({})).toMatchObject(members);
    for (const [name, value] of Object.entries(members)) expect(ask({ [name]: {} })[name]).toEqual(value);
  },
  unstreamed: (members, ask) => {
    expect(ask({})).toMatchObject(members);
    for (const name of Object.keys(members)) expect(ask({ stream: true })).not.toHaveProperty(name);
  },
  thinking: (rule, ask) => {
    const thinking = { type: 'enabled', budget_tokens: 6000 };
    if (rule === 'unsupported') expect(() => ask({ thinking }, { drop: false })).toThrow('does not support parameters: ["thinking"]');
    else if (rule === 'native') expect(ask({ thinking })['thinking']).toEqual(thinking);
    else if (rule === 'effort') expect(ask({ thinking })).not.toHaveProperty('thinking');
    else {
      expect(at(ask({ thinking }), rule.budget)).toBe(6000);
      expect(ask({ thinking: { type: 'disabled' } })).toMatchObject(rule.off);
      if (rule.on) expect(ask({ thinking })).toMatchObject(rule.on);
    }
  },
  thinkingTypes: (types, ask) => {
    for (const type of types) expect(ask({ thinking: { type } })['thinking']).toEqual({ type });
    expect(ask({ thinking: { type: 'adaptive' } })).not.toHaveProperty('thinking');
  },
  jsonObject: (_, ask) => {
    const schema = { name: 'response', schema: { type: 'object' } };
    expect(ask({ response_format: { type: 'json_object' } })['response_format']).toEqual({ type: 'json_schema', json_schema: schema });
  },
  jsonSchema: (_, ask) => {
    const body = ask({ response_format: { type: 'json_schema', json_schema: { name: 'a', schema: { type: 'object', title: 'wanted' } } } });
    expect(body['response_format']).toEqual({ type: 'json_object' });
    expect(messagesOf(body)[0]).toEqual({ role: 'system', content: expect.stringContaining('"title":"wanted"') });
  },
  toolTypes: (types, ask) => {
    const body = ask({ tools: [tool, { type: 'web_search' }] });
    expect((body['tools'] as JsonObject[]).map(({ type }) => type)).toEqual(types);
  },
  toolStrip: (words, ask) => {
    const text = JSON.stringify(ask({ tools: [tool] })['tools']);
    for (const word of words) expect(text).not.toContain(`"${word}"`);
  },
  customTools: (_, ask) => {
    const [first] = ask({ tools: [{ type: 'custom', custom: { name: 'shell' } }] })['tools'] as JsonObject[];
    expect(first).toMatchObject({ type: 'function', function: { name: 'shell', parameters: { required: ['input'] } } });
  },
  toolCallIdLength: (length, ask) => {
    const messages = [user, call('call_abc'), { role: 'tool', tool_call_id: 'call_abc', content: 'x' }];
    const [, assistant, result] = messagesOf(ask({ messages }));
    const [first] = (assistant?.['tool_calls'] ?? []) as JsonObject[];
    expect(first?.['id']).toMatch(new RegExp(`^[a-zA-Z0-9]{${length}}$`));
    expect(result?.['tool_call_id']).toBe(first?.['id']);
  },
  requiredAsNudge: (_, ask) => {
    const body = ask({ tools: [tool], tool_choice: 'required' });
    expect(body).not.toHaveProperty('tool_choice');
    expect(messagesOf(body).at(-1)).toEqual({ role: 'user', content: expect.stringContaining('tool') });
  },
  roles: (map, ask) => {
    for (const role of ['system', 'developer'])
      expect(messagesOf(ask({ messages: [{ role, content: 'a' }, user] }))[0]?.['role']).toBe(map[role] ?? role);
  },
  foldSystem: () => expect.fail('no row has it outside its model rules'),
  flatten: ({ roles, stringify }, ask) => {
    const text = { type: 'text', text: 'b' };
    for (const role of ['user', 'assistant', 'tool']) {
      const messages = [
        user,
        call('abcdefghi'),
        { role: 'tool', tool_call_id: 'abcdefghi', content: 'c' },
        { role, tool_call_id: 'abcdefghi', content: [{ type: 'text', text: 'a' }, text] },
      ];
      expect(messagesOf(ask({ messages })).at(-1)?.['content']).toEqual(
        roles === undefined || roles.includes(role) ? 'a\nb' : expect.any(Array),
      );
    }
    const mixed = [text, { type: 'image_url', image_url: { url: 'https://x/y.png' } }];
    const last = messagesOf(ask({ messages: [user, call('abcdefghi'), { role: 'tool', tool_call_id: 'abcdefghi', content: mixed }] })).at(
      -1,
    );
    expect(last?.['content']).toEqual(stringify ? JSON.stringify(mixed) : mixed);
  },
  dropName: (rule, ask) => {
    const messages = [{ ...user, name: 'ann' }, call('abcdefghi'), { role: 'tool', name: 'f', tool_call_id: 'abcdefghi', content: 'x' }];
    const [first, , last] = messagesOf(ask({ messages }));
    expect(first).not.toHaveProperty('name');
    expect('name' in (last ?? {})).toBe(rule === 'except_tool');
  },
  stripNulls: (_, ask) => {
    expect(JSON.stringify(ask({ messages: [{ ...user, refusal: null }, call('abcdefghi')], metadata2: { a: null } }))).not.toContain(
      'null',
    );
  },
  skipEmptyAssistant: (_, ask) => {
    expect(messagesOf(ask({ messages: [user, { role: 'assistant', content: '' }, user] }))).toHaveLength(2);
  },
  imageUrlAsText: (_, ask) => {
    const content = [{ type: 'image_url', image_url: { url: 'https://x/y.png', detail: 'low' } }];
    expect(messagesOf(ask({ messages: [{ role: 'user', content }] }))[0]?.['content']).toEqual([
      { type: 'image_url', image_url: 'https://x/y.png' },
    ]);
  },
  fileAsDocumentUrl: (_, ask) => {
    const content = [{ type: 'file', file: { file_data: 'data:application/pdf;base64,AA', filename: 'a.pdf' } }];
    expect(messagesOf(ask({ messages: [{ role: 'user', content }] }))[0]?.['content']).toEqual([
      { type: 'document_url', document_url: 'data:application/pdf;base64,AA' },
    ]);
  },
  audioAsText: (_, ask) => {
    const content = [{ type: 'input_audio', input_audio: { data: 'QUJD', format: 'wav' } }];
    expect(messagesOf(ask({ messages: [{ role: 'user', content }] }))[0]?.['content']).toEqual([
      { type: 'input_audio', input_audio: 'QUJD' },
    ]);
  },
  videoFiles: (_, ask) => {
    const content = [{ type: 'file', file: { file_data: 'data:video/mp4;base64,AA' } }];
    expect(messagesOf(ask({ messages: [{ role: 'user', content }] }))[0]?.['content']).toEqual([
      { type: 'video_url', video_url: { url: 'data:video/mp4;base64,AA' } },
    ]);
  },
  thinkingParts: (_, ask) => {
    const messages = [
      user,
      { role: 'assistant', content: 'b', thinking_blocks: [{ type: 'thinking', thinking: 'a', signature: 's' }] },
      user,
    ];
    expect(messagesOf(ask({ messages }))[1]).toEqual({
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'a' },
        { type: 'text', text: 'b' },
      ],
    });
  },
  cacheMarkOnLastPart: (_, ask) => {
    // Whether the mark is kept at all is a rule of the model's; here it must have left the message.
    expect(messagesOf(ask({ messages: [{ ...user, cache_control: { type: 'ephemeral' } }] }))[0]).not.toHaveProperty('cache_control');
  },
  alternate: (_, ask) => {
    const messages = [
      { role: 'system', content: 's' },
      user,
      user,
      { role: 'assistant', content: 'a' },
      { role: 'assistant', content: 'b' },
      user,
    ];
    expect(messagesOf(ask({ messages })).map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
  },
  prefillPrefix: (_, ask) => {
    expect(messagesOf(ask({ messages: [user, { role: 'assistant', content: 'It' }] })).at(-1)).toEqual({
      role: 'assistant',
      content: 'It',
      prefix: true,
    });
  },
  toolNames: (_, ask) => {
    expect(
      messagesOf(ask({ messages: [user, call('abcdefghi'), { role: 'tool', tool_call_id: 'abcdefghi', content: 'x' }] }))[2],
    ).toHaveProperty('name', 'f');
  },
  assistantBetweenToolAndUser: (_, ask) => {
    const messages = [user, call('abcdefghi'), { role: 'tool', tool_call_id: 'abcdefghi', content: 'x' }, user];
    expect(messagesOf(ask({ messages })).map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'assistant', 'user']);
  },
  fillReasoning: (which, ask) => {
    const [, plain, called] = messagesOf(ask({ messages: [user, { role: 'assistant', content: 'a' }, call('abcdefghi')] }));
    expect([plain?.['reasoning_content'], called?.['reasoning_content']]).toEqual([which === 'always' ? ' ' : undefined, ' ']);
  },
  reasoningSummary: () => expect.fail('no row has it outside its model rules'),
  reasoningList: () => expect.fail('no row has it outside its model rules'),
  keep: (names, ask) => {
    const extras = {
      reasoning_content: 'r',
      reasoning_details: [{ type: 'reasoning.text' }],
      thinking_blocks: [],
      annotations: [],
      audio: { id: 'a' },
    };
    const sent = messagesOf(ask({ messages: [user, { role: 'assistant', content: 'a', ...extras }, user] }))[1] ?? {};
    const kept = Object.keys(extras).filter((name) => name in sent);
    expect(kept).toEqual(names.includes('*') ? Object.keys(extras) : Object.keys(extras).filter((name) => names.includes(name)));
  },
} satisfies { [K in keyof Quirks]-?: Check<K> };

describe('every quirk of every row is obeyed', () => {
  const ROWS = callable.filter(({ dialect }) => dialect === 'openai');
  test.each(ROWS)('$id', (row) => {
    // OpenAI's own row has quirks for other hosts last; its base is its own, so they stay out.
    const resolved = resolve(paramsFor(row), variablesFor(row));
    const ask = (body: JsonObject, { drop = true, lacking = false }: Options = {}): JsonObject => {
      const abilities = {
        vision: null,
        tools: lacking ? false : null,
        jsonSchema: null,
        reasoning: null,
        audioInput: null,
        pdfInput: null,
        promptCaching: null,
        webSearch: null,
        maxInputTokens: null,
        maxOutputTokens: null,
      };
      const context = { provider: row.id, model: MODEL, params: { drop, allow: [], modify: false }, abilities };
      return applyQuirks({ model: MODEL, messages: [user], ...body }, resolved.quirks, context);
    };
    const parent = file.providers.find(({ id }) => id === row.inherits);
    const stated = { roles: file.dialects.openai.roles, thinking: file.dialects.openai.thinking, ...parent?.quirks, ...row.quirks };
    for (const [name, value] of Object.entries(stated)) (CHECKS[name as keyof Quirks] as Check<keyof Quirks>)(value as never, ask, row);
  });

  test('the schema and the checks name the same quirks', () => {
    expect(Object.keys(CHECKS).toSorted()).toEqual(Object.keys(Quirks.shape).toSorted());
  });
});

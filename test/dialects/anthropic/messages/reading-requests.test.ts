import { describe, expect, it } from 'vitest';
import { readMessagesCountRequest, readMessagesRequest } from '../../../../src/dialects/anthropic/messages/request.ts';
import { body, partsOf, read } from './wire.ts';

describe('the members of a request', () => {
  it('are read into the words of the hub', () => {
    const request = readMessagesRequest(
      body({
        stream: true,
        temperature: 0.5,
        top_p: 0.9,
        top_k: 40,
        stop_sequences: ['END'],
        metadata: { user_id: 'u1', tags: ['a'] },
        service_tier: 'standard_only',
      }),
      'group',
    );
    expect(request).toEqual({
      model: 'group',
      messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
      stream: true,
      maxOutputTokens: 100,
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
      stop: ['END'],
      user: 'u1',
      serviceTier: 'standard_only',
      others: {},
      extras: {},
    });
  });

  it('that nobody knows are carried along, those for the gateway are not', () => {
    const { extras, others } = read({
      num_ctx: 4096,
      container: 'c1',
      nothing: null,
      api_key: 'secret',
      litellm_session_id: 's',
      context_management: { edits: [] },
    });
    expect(extras).toEqual({ num_ctx: 4096, container: 'c1' });
    expect(others).toEqual({ context_management: { edits: [] } });
  });

  it('ask for no stream when they say nothing of it', () => {
    expect(read().stream).toBe(false);
    expect(read({ stream: null }).stream).toBe(false);
  });

  it('need no limit when tokens are only counted', () => {
    const { max_tokens: _, ...rest } = body();
    expect(readMessagesCountRequest(rest, 'group')).toEqual({
      model: 'group',
      messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
      stream: false,
      others: {},
      extras: {},
    });
  });
});

describe('the history', () => {
  it('begins with the system prompt, as text or as blocks with marks', () => {
    expect(read({ system: 'Be brief.' }).messages[0]).toEqual({ role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] });
    const blocks = [
      { type: 'text', text: 'A' },
      { type: 'text', text: 'B', cache_control: { type: 'ephemeral', ttl: '1h' } },
    ];
    expect(read({ system: blocks }).messages[0]?.parts).toEqual([
      { type: 'text', text: 'A' },
      { type: 'text', text: 'B', cache: { ttl: '1h' } },
    ]);
    expect(read({ system: '' }).messages.map(({ role }) => role)).toEqual(['user']);
  });

  it('has each tool result as a message of its own before what the user says', () => {
    const content = [
      { type: 'tool_result', tool_use_id: 'toolu_a', content: 'rain' },
      {
        type: 'tool_result',
        tool_use_id: 'toolu_b',
        is_error: true,
        content: [{ type: 'text', text: 'no' }],
        cache_control: { type: 'ephemeral' },
      },
      { type: 'text', text: 'And now?' },
    ];
    expect(read({ messages: [{ role: 'user', content }] }).messages).toEqual([
      { role: 'tool', parts: [{ type: 'tool_result', callId: 'toolu_a', parts: [{ type: 'text', text: 'rain' }] }] },
      {
        role: 'tool',
        parts: [{ type: 'tool_result', callId: 'toolu_b', isError: true, cache: {}, parts: [{ type: 'text', text: 'no' }] }],
      },
      { role: 'user', parts: [{ type: 'text', text: 'And now?' }] },
    ]);
  });

  it('keeps images and documents inside a tool result', () => {
    const content = [
      { type: 'text', text: 'page' },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA==' } },
      { type: 'document', source: { type: 'url', url: 'https://example.com/a.pdf' } },
    ];
    const [part] = partsOf([{ type: 'tool_result', tool_use_id: 't', content }]);
    expect(part).toMatchObject({
      parts: [
        { type: 'text', text: 'page' },
        { type: 'media', kind: 'image', source: { type: 'data', data: 'AA==' }, mediaType: 'image/png' },
        { type: 'media', kind: 'file', source: { type: 'url', url: 'https://example.com/a.pdf' }, mediaType: 'application/pdf' },
      ],
    });
    expect(partsOf([{ type: 'tool_result', tool_use_id: 't' }])).toEqual([{ type: 'tool_result', callId: 't', parts: [] }]);
  });

  it('keeps a note of the system between turns where it stands', () => {
    const messages = [
      { role: 'user', content: 'Hi' },
      { role: 'system', content: 'The user left.' },
      { role: 'assistant', content: 'Bye' },
    ];
    expect(read({ messages }).messages.map(({ role }) => role)).toEqual(['user', 'system', 'assistant']);
  });

  it('has calls with their input as JSON text', () => {
    expect(partsOf([{ type: 'tool_use', id: 'toolu_1', name: 'f', input: { city: 'Köln' } }], 'assistant')).toEqual([
      { type: 'tool_call', id: 'toolu_1', name: 'f', arguments: '{"city":"Köln"}' },
    ]);
  });

  it('knows thoughts by who signed them', () => {
    const content = [
      { type: 'thinking', thinking: 'a', signature: 'c2ln' },
      { type: 'thinking', thinking: 'b', signature: '' },
      { type: 'thinking', thinking: 'c', signature: 'gemini:c2ln' },
      { type: 'redacted_thinking', data: 'ZGF0YQ==' },
      { type: 'redacted_thinking', data: 'openai:gAAA' },
    ];
    expect(partsOf(content, 'assistant')).toEqual([
      { type: 'reasoning', text: 'a', signature: 'c2ln', origin: 'anthropic' },
      { type: 'reasoning', text: 'b' },
      { type: 'reasoning', text: 'c', signature: 'c2ln', origin: 'gemini' },
      { type: 'reasoning', text: '', encrypted: 'ZGF0YQ==', origin: 'anthropic' },
      { type: 'reasoning', text: '', encrypted: 'gAAA', origin: 'openai' },
    ]);
  });

  it('has documents of every source', () => {
    expect(
      partsOf([
        {
          type: 'document',
          source: { type: 'base64', media_type: 'application/pdf', data: 'JVBE' },
          title: 'bill',
          cache_control: { type: 'ephemeral' },
        },
        { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Grüße' } },
        { type: 'document', source: { type: 'file', file_id: 'file_1' } },
        { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
      ]),
    ).toEqual([
      { type: 'media', kind: 'file', source: { type: 'data', data: 'JVBE' }, mediaType: 'application/pdf', filename: 'bill', cache: {} },
      { type: 'media', kind: 'file', source: { type: 'data', data: 'R3LDvMOfZQ==' }, mediaType: 'text/plain' },
      { type: 'media', kind: 'file', source: { type: 'file_id', fileId: 'file_1' } },
      { type: 'media', kind: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
    ]);
  });

  it.each([
    [
      'a document that is cited',
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'a' }, citations: { enabled: true } },
    ],
    ['a document with notes', { type: 'document', source: { type: 'file', file_id: 'f' }, context: 'old' }],
    ['a document in pieces', { type: 'document', source: { type: 'content', content: 'a' } }],
    ['a search result', { type: 'search_result', source: 's', title: 't', content: [{ type: 'text', text: 'a' }] }],
    ['a file for the sandbox', { type: 'container_upload', file_id: 'f' }],
    ['a kind to come', { type: 'hologram', data: 1 }],
  ])('keeps %s in the form of Anthropic', (_, raw) => {
    expect(partsOf([raw])).toEqual([{ type: 'native', dialect: 'anthropic', raw }]);
  });

  it('keeps citations of Anthropic with their text, and leaves out those made up from links', () => {
    const own = { type: 'char_location', cited_text: 'a' };
    const link = { type: 'web_search_result_location', url: 'https://a.example', encrypted_index: '' };
    expect(partsOf([{ type: 'text', text: 'a', citations: [own, link] }], 'assistant')).toEqual([
      { type: 'native', dialect: 'anthropic', raw: { type: 'text', text: 'a', citations: [own] } },
    ]);
    expect(partsOf([{ type: 'text', text: 'a', citations: [link] }], 'assistant')).toEqual([{ type: 'text', text: 'a' }]);
  });
});

describe('tools', () => {
  const own = { name: 'f', description: 'd', input_schema: { type: 'object' }, strict: true, cache_control: { type: 'ephemeral' } };

  it('of the client are functions', () => {
    const tool = { type: 'function', name: 'f', description: 'd', parameters: { type: 'object' }, strict: true, cache: {} };
    expect(read({ tools: [own, { ...own, type: 'custom' }] }).tools).toEqual([tool, tool]);
  });

  it('that say more than functions can stay in the form of Anthropic', () => {
    const raw = { ...own, defer_loading: true };
    expect(read({ tools: [raw] }).tools).toEqual([{ type: 'native', dialect: 'anthropic', raw }]);
  });

  it('that Anthropic runs stay as they are, and a search of the web is told to others too', () => {
    const raw = { type: 'web_search_20250305', name: 'web_search', max_uses: 5, user_location: { type: 'approximate', city: 'Köln' } };
    const request = read({ tools: [raw] });
    expect(request.tools).toEqual([{ type: 'native', dialect: 'anthropic', raw }]);
    expect(request.webSearch).toEqual({ contextSize: 'medium', userLocation: { type: 'approximate', city: 'Köln' } });
    expect(read({ tools: [{ type: 'bash_20250124', name: 'bash' }] }).webSearch).toBeUndefined();
  });

  it.each([
    [{ type: 'auto' }, { toolChoice: { type: 'auto' } }],
    [{ type: 'any' }, { toolChoice: { type: 'required' } }],
    [{ type: 'none' }, { toolChoice: { type: 'none' } }],
    [{ type: 'tool', name: 'f' }, { toolChoice: { type: 'function', name: 'f' } }],
    [
      { type: 'auto', disable_parallel_tool_use: true },
      { toolChoice: { type: 'auto' }, parallelToolCalls: false },
    ],
  ])('are chosen by %j', (choice, expected) => {
    const { toolChoice, parallelToolCalls } = read({ tool_choice: choice });
    expect({ toolChoice, ...(parallelToolCalls === undefined ? {} : { parallelToolCalls }) }).toEqual(expected);
  });

  it('have calls whose ids come back as the provider gave them', () => {
    const id = `toolu_b64_${Buffer.from('functions.f:0').toString('base64url')}`;
    const { messages } = read({
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: [{ type: 'tool_use', id, name: 'f', input: {} }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: 'ok' }] },
      ],
    });
    expect(messages.slice(1).map(({ parts }) => parts[0])).toMatchObject([{ id: 'functions.f:0' }, { callId: 'functions.f:0' }]);
  });

  it('have calls that bring a Gemini signature in their id', () => {
    expect(partsOf([{ type: 'tool_use', id: 'call_1__thought__c2ln', name: 'f', input: {} }], 'assistant')).toMatchObject([
      { id: 'call_1', signature: 'c2ln' },
    ]);
  });
});

describe('thinking and the form of the answer', () => {
  it('are read from the object, and from the effort', () => {
    const thinking = { type: 'enabled', budget_tokens: 2048, display: 'summarized' };
    expect(read({ thinking }).reasoning).toEqual({ thinking: { type: 'enabled', budgetTokens: 2048, raw: thinking } });
    expect(read({ thinking: { type: 'adaptive' }, output_config: { effort: 'max' } }).reasoning).toEqual({
      effort: 'max',
      thinking: { type: 'adaptive', raw: { type: 'adaptive' } },
    });
    expect(read({ thinking: { type: 'disabled' } }).reasoning?.thinking?.type).toBe('disabled');
  });

  it.each([['output_format'], ['output_config']])('are read from the schema in %s', (name) => {
    const format = { type: 'json_schema', schema: { type: 'object' } };
    const request = read({ [name]: name === 'output_format' ? format : { format, task_budget: { type: 'tokens', total: 9 } } });
    expect(request.responseFormat).toEqual({ type: 'json_schema', name: 'structured_output', schema: { type: 'object' }, strict: true });
    expect(request.extras).toEqual(name === 'output_format' ? {} : { output_config: { task_budget: { type: 'tokens', total: 9 } } });
  });
});

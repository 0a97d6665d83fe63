const QUESTION = 'Count for me, please.';
const TURN = { role: 'user', content: QUESTION };

/** The clients' paths and bodies, and what stands before the text of an event that they read. */
export const CLIENTS = {
  chat: { path: '/v1/chat/completions', mark: '"content":"@', asked: (model: string) => ({ model, stream: true, messages: [TURN] }) },
  messages: {
    path: '/v1/messages',
    mark: '"text":"@',
    asked: (model: string) => ({ model, stream: true, max_tokens: 1000, messages: [TURN] }),
  },
  responses: {
    path: '/v1/responses',
    mark: '"delta":"@',
    asked: (model: string) => ({ model, stream: true, input: QUESTION, store: false }),
  },
  google: {
    path: '/v1beta/models/{model}:streamGenerateContent?alt=sse',
    mark: '"text":"@',
    asked: () => ({ contents: [{ role: 'user', parts: [{ text: QUESTION }] }] }),
  },
} as const;

export type ClientName = keyof typeof CLIENTS;

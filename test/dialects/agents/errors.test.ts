import { expect, test } from 'vitest';
import { wireCase } from '../wire-case.ts';
import { agent } from './asking.ts';

const failure = (name: Parameters<typeof agent>[0], status: number, body: unknown) =>
  agent(name).error({ status, headers: {}, body: typeof body === 'string' ? body : JSON.stringify(body) }).failure;

test('each server’s own words are read', () => {
  expect(failure('dify', 404, wireCase('dify/error-404').response)).toMatchObject({
    class: 'NotFoundError',
    message: 'Conversation Not Exists.',
    code: 'not_found',
  });
  expect(failure('langgraph', 422, wireCase('langgraph/error-422').response)).toMatchObject({
    status: 422,
    message: 'body.assistant_id: Field required',
  });
  expect(failure('langflow', 500, wireCase('langflow/error-500').response)).toMatchObject({
    status: 500,
    message: 'Error running graph: no API key',
  });
  expect(failure('langflow', 403, { detail: 'Invalid or missing API key' })).toMatchObject({
    class: 'PermissionDeniedError',
    message: 'Invalid or missing API key',
  });
  expect(failure('a2a', 401, { error: { code: -32600, message: 'Unauthorized' } })).toMatchObject({
    class: 'AuthenticationError',
    message: 'Unauthorized',
  });
  expect(failure('a2a', 404, { error: 'no such agent' })).toMatchObject({ message: 'no such agent' });
  expect(failure('coze', 429, { code: 4013, msg: 'too fast' })).toMatchObject({ class: 'RateLimitError', message: 'too fast' });
});

test('what is no JSON, or says nothing, is told by its status', () => {
  expect(failure('langgraph', 502, '<html>Bad gateway</html>').message).toBe(
    'The server answered with status 502 and a page instead of JSON.',
  );
  expect(failure('dify', 500, '').message).toBe('The server answered with status 500 and no body.');
  expect(failure('langflow', 400, { detail: { message: 'no flow' } }).message).toBe('no flow');
  expect(failure('a2a', 500, {}).message).toBe('{}');
});

test('a prompt that is too long is told as such', () => {
  expect(
    failure('dify', 400, { code: 'completion_request_error', message: "This model's maximum context length is 8192 tokens" }),
  ).toMatchObject({
    class: 'ContextWindowExceededError',
    code: 'context_length_exceeded',
  });
});

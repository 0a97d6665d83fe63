import { APIError } from '@anthropic-ai/sdk';
import { describe, expect, it } from 'vitest';
import { messagesError, messagesErrorEvent } from '../../../../src/dialects/anthropic/messages/errors.ts';
import { readAsOfficialClient, SHAPE } from './wire.ts';
import { MessagesStreamWriter } from '../../../../src/dialects/anthropic/messages/stream.ts';

describe('errors in the form of Anthropic', () => {
  it.each([
    [400, 'invalid_request_error'],
    [401, 'authentication_error'],
    [403, 'permission_error'],
    [404, 'not_found_error'],
    [408, 'timeout_error'],
    [413, 'request_too_large'],
    [422, 'invalid_request_error'],
    [429, 'rate_limit_error'],
    [500, 'api_error'],
    [502, 'api_error'],
    [503, 'overloaded_error'],
    [504, 'timeout_error'],
    [529, 'overloaded_error'],
  ])('status %i has the type %s', (status, type) => {
    expect(messagesError({ status, message: 'No.', requestId: 'r1' })).toEqual({
      type: 'error',
      error: { type, message: 'No.', code: String(status) },
      request_id: 'r1',
    });
  });

  it('keep a code of their own', () => {
    expect(messagesError({ status: 422, message: 'No.', code: 'budget_exceeded', requestId: null })).toMatchObject({
      error: { code: 'budget_exceeded' },
    });
  });

  it('end a stream as the official client understands it', async () => {
    const writer = new MessagesStreamWriter(SHAPE);
    const begun = writer.write({ type: 'text_delta', text: 'Hel' });
    const failure = readAsOfficialClient(begun + messagesErrorEvent({ status: 529, message: 'Too busy.', requestId: 'r1' }));
    await expect(failure).rejects.toBeInstanceOf(APIError);
    await expect(failure).rejects.toThrow('Too busy.');
  });
});

import { MalformedAnswerError } from '../../core/provider-error.ts';

/** A provider's whole answer as JSON. @throws {MalformedAnswerError} broken JSON is 500, anything else 502 (ruling E1) */
export function parsedAnswer(body: Buffer): unknown {
  const text = body.toString('utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    if (/^\s*[{[]/.test(text)) throw new MalformedAnswerError('The provider answered with broken JSON.', 'json', error);
    throw new MalformedAnswerError(
      text.trim() === '' ? 'The provider answered with an empty body.' : 'The provider answered with something other than JSON.',
      'shape',
      error,
    );
  }
}

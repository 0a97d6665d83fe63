import { JsonDocument } from '../../core/json-document.ts';
import { isObject } from '../../core/json-object.ts';
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

/** A provider's whole answer as a document whose bytes may pass. @throws {MalformedAnswerError} as {@link parsedAnswer} */
export function answerDocument(body: Buffer): JsonDocument {
  try {
    return JsonDocument.read(body);
  } catch (error) {
    // Says the same in the words of a provider's failure.
    const value = parsedAnswer(body);
    if (!isObject(value)) throw new MalformedAnswerError('The provider answered with something other than a JSON object.', 'shape', error);
    return JsonDocument.of(value);
  }
}

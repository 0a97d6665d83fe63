import type { DialectName, PartWriter, Teller } from '../../core/dialect.ts';
import { unwrappedAnswer, UnwrappedRoot, wrappedRoot } from '../../dialects/wrapped-root.ts';
import type { AskedChat } from './client-side.ts';

/** Dialects of providers that take an object alone as the root of a schema. */
const OBJECTS_ALONE: ReadonlySet<DialectName> = new Set(['openai', 'responses']);

/** A conversation in which a client of Anthropic's or Google's asks for a list, or a choice, by a schema that others refuse. */
export function withObjectRoot(asked: AskedChat, dialect: DialectName): AskedChat {
  const format = OBJECTS_ALONE.has(dialect) ? wrappedRoot(asked.request.responseFormat) : null;
  if (format === null) return asked;
  return { ...asked, request: { ...asked.request, responseFormat: format }, teller: unwrapping(asked.teller) };
}

function unwrapping(teller: Teller): Teller {
  return { whole: (answer) => teller.whole(unwrappedAnswer(answer)), writer: () => unwrappingWriter(teller.writer()) };
}

function unwrappingWriter(writer: PartWriter): PartWriter {
  const root = new UnwrappedRoot();
  return {
    write: (part) =>
      root
        .push(part)
        .map((told) => writer.write(told))
        .join(''),
    finish: () => writer.finish(),
    ...(writer.fail && { fail: (failure) => writer.fail?.(failure) ?? '' }),
  };
}

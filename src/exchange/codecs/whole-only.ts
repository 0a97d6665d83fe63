import type { Prepared } from '../codec.ts';

/** A request whose answer is one body, whatever the client asks for: the operation knows no streams. */
export function wholeOnly(parts: Omit<Prepared, 'stream' | 'retold' | 'framing'>): Prepared {
  const never = (): never => {
    throw new Error('this operation does not stream');
  };
  return { ...parts, framing: 'sse', stream: never, retold: never };
}

/**
 * The `data` of the events of an answer, all that one read brought together: a fast stream is then worked on in few steps.
 * Lines end in LF or CRLF; comments and other fields are passed by.
 */
export async function* eventData(body: ReadableStream<Uint8Array>): AsyncGenerator<string[], void, void> {
  const reader = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const events = (rest + value).split(/\r?\n\r?\n/);
      rest = events.pop() ?? '';
      const found = events.map(dataOf).filter((data) => data !== '');
      if (found.length > 0) yield found;
    }
    const last = dataOf(rest);
    if (last !== '') yield [last];
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function dataOf(event: string): string {
  return event
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(line[5] === ' ' ? 6 : 5))
    .join('\n');
}

import { afterEach, describe, expect, test, vi } from 'vitest';
import { countTokens as countCl100k } from 'gpt-tokenizer/encoding/cl100k_base';
import { countTokens as countO200k } from 'gpt-tokenizer/encoding/o200k_base';
import type { CountQuestion, CountReply } from '../../../src/ledger/tokens/count-worker.ts';
import { TokenCounter, type CountThread } from '../../../src/ledger/tokens/counter.ts';

const WORKER = new URL('../../../src/ledger/tokens/count-worker.ts', import.meta.url);
const TEXT = 'The quick brown fox jumps over the lazy dog. Übergrößenträger, 漢字 and <|endoftext|>.';

describe('with the real worker', () => {
  test('counts by the vocabulary of the model family, special tokens as plain text', async () => {
    const counter = new TokenCounter({ workerUrl: WORKER });
    const plain = { allowedSpecial: new Set<string>(), disallowedSpecial: new Set<string>() };
    expect(await counter.count([{ model: 'gpt-4o', texts: [TEXT] }])).toBe(countO200k(TEXT, plain));
    expect(await counter.count([{ model: 'gpt-4-turbo', texts: [TEXT, TEXT], extra: 7 }])).toBe(2 * countCl100k(TEXT, plain) + 7);
    expect(await counter.count([{ model: 'claude-3-opus', texts: [TEXT] }])).toBe(Math.ceil(countO200k(TEXT, plain) * 1.2));
    await counter.stop();
  });

  test('a worker that cannot start leaves the estimate', async () => {
    const counter = new TokenCounter({ workerUrl: new URL('no-such-file.ts', WORKER) });
    expect(await counter.count([{ model: 'gpt-4o', texts: ['a'.repeat(30)] }])).toBe(10);
    await counter.stop();
  });
});

/** A thread that does what a test tells it. */
class FakeThread implements CountThread {
  readonly asked: CountQuestion[] = [];
  terminated = false;
  readonly #listeners: { event: string; listener: (reply: CountReply) => void }[] = [];

  postMessage(question: CountQuestion): void {
    this.asked.push(question);
  }
  on(event: string, listener: (reply: CountReply) => void): void {
    this.#listeners.push({ event, listener });
  }
  async terminate(): Promise<void> {
    this.terminated = true;
    this.#emit('exit');
  }
  ref(): void {}
  unref(): void {}

  answer(tokens: number): void {
    this.#emit('message', { id: this.asked.at(-1)?.id ?? 0, tokens });
  }
  crash(): void {
    this.#emit('error');
    this.#emit('exit');
  }
  #emit(name: string, reply: CountReply = { id: 0, tokens: 0 }): void {
    for (const { event, listener } of this.#listeners) if (event === name) listener(reply);
  }
}

describe('whatever happens to the worker', () => {
  const threads: FakeThread[] = [];
  function counterOf(limits: { idleMs?: number; jobMs?: number; maxWaiting?: number } = {}): TokenCounter {
    threads.length = 0;
    return new TokenCounter({ workerUrl: WORKER, ...limits, thread: () => threads[threads.push(new FakeThread()) - 1] as FakeThread });
  }
  const job = (length: number) => ({ model: 'gpt-4o', texts: ['a'.repeat(length)] });

  afterEach(() => {
    vi.useRealTimers();
  });

  test('no thread is made before the first text', async () => {
    const counter = counterOf();
    expect(await counter.count([{ model: 'gpt-4o', texts: [], extra: 3 }])).toBe(3);
    expect(threads).toHaveLength(0);
  });

  test('jobs are asked one after the other, and summed', async () => {
    const sum = counterOf().count([job(3), job(6)]);
    expect(threads[0]?.asked).toHaveLength(1);
    threads[0]?.answer(5);
    threads[0]?.answer(8);
    expect(await sum).toBe(13);
    expect(threads).toHaveLength(1);
  });

  test('a crash gives the running job its estimate and the next one a new thread', async () => {
    const sum = counterOf().count([job(30), job(60)]);
    threads[0]?.crash();
    threads[1]?.answer(100);
    expect(await sum).toBe(10 + 100);
  });

  test('a job that takes too long is estimated', async () => {
    vi.useFakeTimers();
    const counter = counterOf({ jobMs: 1000 });
    const sum = counter.count([job(30)]);
    vi.advanceTimersByTime(999);
    expect(threads[0]?.terminated).toBe(false);
    vi.advanceTimersByTime(1);
    expect(threads[0]?.terminated).toBe(true);
    expect(await sum).toBe(10);
  });

  test('the thread ends when it was idle, and comes back with the next job', async () => {
    vi.useFakeTimers();
    const counter = counterOf({ idleMs: 60_000 });
    const first = counter.count([job(3)]);
    threads[0]?.answer(1);
    await first;
    vi.advanceTimersByTime(59_999);
    expect(threads[0]?.terminated).toBe(false);
    vi.advanceTimersByTime(1);
    expect(threads[0]?.terminated).toBe(true);
    const second = counter.count([job(3)]);
    threads[1]?.answer(2);
    expect(await second).toBe(2);
  });

  test('what does not fit the queue is estimated at once', async () => {
    const counter = counterOf({ maxWaiting: 100 });
    const waiting = counter.count([job(90)]);
    expect(await counter.count([job(30)])).toBe(10);
    threads[0]?.answer(1);
    expect(await waiting).toBe(1);
    const fits = counter.count([job(30)]);
    threads[0]?.answer(2);
    expect(await fits).toBe(2);
  });

  test('stopping answers everything with estimates and leaves nothing behind', async () => {
    const counter = counterOf();
    const sum = counter.count([job(30), job(60)]);
    await counter.stop();
    expect(await sum).toBe(30);
    expect(threads.map(({ terminated }) => terminated)).toEqual([true]);
    expect(await counter.count([job(9)])).toBe(3);
    expect(threads).toHaveLength(1);
  });
});

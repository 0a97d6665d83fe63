import { beforeEach, describe, expect, test } from 'vitest';
import { Overload, OverloadedError } from '../../src/server/overload.ts';

let nowMs = 0;
let running = 500;
let overload: Overload;

/** One turn of the event loop that brings calls, the first at once and the others evenly over its length. */
async function turn(lengthMs: number, calls = 10): Promise<number> {
  const start = nowMs;
  let refused = 0;
  for (let call = 0; call < calls; call++) {
    nowMs = start + (lengthMs * call) / (calls - 1);
    if (overload.refusal() !== null) refused++;
  }
  await new Promise(setImmediate);
  return refused;
}

beforeEach(() => {
  nowMs = 1000;
  running = 500;
  overload = new Overload(
    () => running,
    () => nowMs,
  );
});

describe('new calls are turned away', () => {
  test('when turn after turn of the loop is long: those that come late in it', async () => {
    expect(await turn(100)).toBe(0);
    expect(await turn(100)).toBe(7);
    expect(await turn(100)).toBe(7);
  });

  test('with 503 and when to try again', async () => {
    await turn(100);
    overload.refusal();
    nowMs += 100;
    const refusal = overload.refusal();
    expect(refusal).toBeInstanceOf(OverloadedError);
    expect(refusal).toMatchObject({ type: 'overloaded_error', retryAfterMs: 1000, shouldRetry: true });
  });
});

describe('no call is turned away', () => {
  test('for one pause', async () => {
    await turn(5);
    expect(await turn(400)).toBe(0);
    expect(await turn(5)).toBe(0);
  });

  test('once turns are short again', async () => {
    await turn(100);
    await turn(100);
    expect(await turn(5)).toBe(0);
    expect(await turn(100)).toBe(0);
  });

  test('when few calls run: it is not they that make turns long', async () => {
    running = 20;
    await turn(100);
    expect(await turn(100)).toBe(0);
  });
});

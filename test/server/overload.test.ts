import { beforeEach, describe, expect, test } from 'vitest';
import { Overload } from '../../src/server/overload.ts';

let nowMs = 0;
let idleMs = 0;
let waiting = 500;
let overload: Overload;

/** One turn of the event loop that brings calls, the first at once and the others evenly over its length. @returns how many are turned away */
async function turn(lengthMs: number, calls = 11): Promise<number> {
  const start = nowMs;
  let refused = 0;
  for (let call = 0; call < calls; call++) {
    nowMs = start + (lengthMs * call) / calls;
    if (overload.refuses()) refused++;
  }
  nowMs = start + lengthMs;
  await new Promise(setImmediate);
  return refused;
}

beforeEach(() => {
  [nowMs, idleMs, waiting] = [1000, 0, 500];
  overload = new Overload({ waiting: () => waiting, now: () => nowMs, idle: () => idleMs });
});

describe('new calls are turned away', () => {
  test('after a turn with too much work: those that come late in the next', async () => {
    expect(await turn(110)).toBe(0);
    expect(await turn(110)).toBe(10);
    expect(await turn(110)).toBe(10);
  });

  test('until a turn has little work again', async () => {
    await turn(110);
    expect(await turn(33)).toBe(9);
    expect(await turn(33)).toBe(9);
    await turn(5);
    expect(await turn(33)).toBe(0);
  });
});

describe('no call is turned away', () => {
  test('for a turn that was long because nothing was to do', async () => {
    await turn(5);
    nowMs += 10_000;
    idleMs += 10_000;
    expect(await turn(20)).toBe(0);
  });

  test('when it is the first of its turn: some are always served', async () => {
    for (let n = 0; n < 9; n++) expect(await turn(300, 1)).toBe(0);
  });

  test('when few calls wait: it is not they that make turns long', async () => {
    waiting = 20;
    for (let n = 0; n < 9; n++) expect(await turn(300)).toBe(0);
  });
});

/** How much a drill does: a little in `npm test`, all of it in `npm run drill`, which sets `DRILL` to `long`. */
export function scaled(short: number, long: number): number {
  return process.env['DRILL'] === 'long' ? long : short;
}

/** `DRILL_LOOPS` of the environment, for more loops than a drill makes by itself. */
export function loops(short: number, long: number): number {
  const asked = Number(process.env['DRILL_LOOPS'] ?? '');
  return asked > 0 && process.env['DRILL'] === 'long' ? Math.min(asked, 200) : scaled(short, long);
}

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Runs `work` for each item, `width` at a time. */
export async function inParallel<T>(items: readonly T[], width: number, work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (const item of waiting) await work(item);
    }),
  );
}

/** Resolves when `done` holds. @throws after `withinMs` */
export async function until(what: string, done: () => boolean | Promise<boolean>, withinMs = 15_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await done())) {
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
    await pause(10);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Works through a list with at most `atOnce` at a time. Results stand in the list's order. */
export async function inTurns<T, R>(items: readonly T[], atOnce: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results = new Map<number, R>();
  const waiting = [...items.entries()];
  await Promise.all(
    Array.from({ length: Math.min(atOnce, items.length) }, async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) results.set(next[0], await work(next[1]));
    }),
  );
  return [...results].toSorted(([a], [b]) => a - b).map(([, result]) => result);
}

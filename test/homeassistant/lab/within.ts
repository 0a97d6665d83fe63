/**
 * Waits for something that must come in time.
 *
 * @param situation what is the case instead, asked when the time is over
 */
export async function within<T>(timeoutMs: number, wanted: Promise<T>, situation: () => string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`not within ${timeoutMs} ms: ${situation()}`)), timeoutMs);
  try {
    return await Promise.race([wanted, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Asks again and again until there is an answer: of another process, that tells nobody when it is ready. */
export async function eventually<T>(timeoutMs: number, ask: () => Promise<T | null>, situation: () => string): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${situation()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

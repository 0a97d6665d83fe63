const DAY_MS = 86_400_000;

/** A budget over time. All amounts in US dollars, all moments in milliseconds. */
export interface Budget {
  readonly spend: number;
  readonly limit: number | null;
  readonly start: number;
  readonly end: number;
}

/** Start of the window that ends at `end`, from the length that the server writes: `30d`, `24h`, `1mo`. */
export function startOfWindow(end: number, length: string): number {
  const [, amount, unit] = /^(\d+)(mo|[smhdw])$/.exec(length) ?? [];
  const count = Number(amount ?? 1);
  if (unit === 'mo') {
    const date = new Date(end);
    date.setMonth(date.getMonth() - count);
    return date.getTime();
  }
  const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: DAY_MS, w: 7 * DAY_MS }[unit ?? 'd'] ?? DAY_MS;
  return end - count * unitMs;
}

/** What the window will have cost at its end when it goes on as until now; `null` in its first hours, which tell nothing. */
export function onCourseFor({ spend, start, end }: Budget, now: number): number | null {
  const elapsed = now - start;
  if (elapsed < Math.min(DAY_MS / 2, (end - start) / 10)) return null;
  return (spend / elapsed) * (end - start);
}

/**
 * When the limit is reached at the pace of the last days; `null` when the window ends before that, or there is no limit.
 * @param pace US dollars a day
 */
export function usedUpAt({ spend, limit, end }: Budget, pace: number, now: number): number | null {
  if (limit === null || pace <= 0) return null;
  const at = now + (Math.max(0, limit - spend) / pace) * DAY_MS;
  return at < end ? at : null;
}

/** What the limit allows a day. */
export function allowedADay({ limit, start, end }: Budget): number | null {
  return limit === null ? null : limit / ((end - start) / DAY_MS);
}

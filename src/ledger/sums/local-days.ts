/** A day of a time zone: its name and the moment at which it begins. */
export interface LocalDay {
  /** `YYYY-MM-DD` */
  readonly date: string;
  /** Milliseconds since 1970. */
  readonly start: number;
}

/** The day of a moment. */
export function dayOf(at: number, zone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate();
}

/** Days from the first to the last one. */
export function localDays(first: Temporal.PlainDate, last: Temporal.PlainDate, zone: string): LocalDay[] {
  const days: LocalDay[] = [];
  for (let day = first; Temporal.PlainDate.compare(day, last) <= 0; day = day.add({ days: 1 })) {
    days.push({ date: day.toString(), start: startOf(day, zone) });
  }
  return days;
}

/** When a day begins: midnight, or the first moment after it where clocks jump over midnight. */
export function startOf(day: Temporal.PlainDate, zone: string): number {
  return day.toZonedDateTime(zone).epochMilliseconds;
}

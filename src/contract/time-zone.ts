import { z } from 'zod';

const MINUTES = /^[+-]?\d{1,3}$/;

/**
 * A time zone as the runtime knows it, by its name (`Europe/Berlin`) or by minutes as browsers count them: what has to be added to
 * local time to come to UTC, so `-120` stands for `+02:00`.
 */
export const TimeZone = z
  .string()
  .transform((text, context): string => {
    const zone = zoneOf(text);
    if (zone !== null) return zone;
    context.addIssue({ code: 'custom', message: 'must be a time zone such as Europe/Berlin, or minutes such as -120' });
    return z.NEVER;
  })
  .describe('Time zone whose days are meant: a name such as `Europe/Berlin`, or minutes from local time to UTC, such as `-120`.');

function zoneOf(text: string): string | null {
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(MINUTES.test(text) ? offsetOf(Number(text)) : text).timeZoneId;
  } catch {
    return null;
  }
}

/** `-120` → `+02:00`. @throws {RangeError} for what no zone has */
function offsetOf(minutes: number): string {
  const size = Math.abs(minutes);
  if (size > 14 * 60) throw new RangeError('no time zone is so far away');
  return `${minutes > 0 ? '-' : '+'}${String(Math.floor(size / 60)).padStart(2, '0')}:${String(size % 60).padStart(2, '0')}`;
}

import type { Clock } from '../core/clock.ts';
import { ResetCalendar, type ZoneSettings } from './reset-times.ts';

/** Which tokens count for token limits (`general_settings.token_rate_limit_type`). */
export type TokenType = 'total' | 'input' | 'output';

export interface LimitSettings {
  readonly zone: ZoneSettings;
  /** Length of a rate-limit window; one minute. */
  readonly windowMs: number;
  readonly tokenType: TokenType;
}

/** Tokens a call read and wrote. */
export interface TokenCount {
  readonly input: number;
  readonly output: number;
}

/** What every part of the limits looks at: the time, and the settings in force. */
export class LimitContext {
  readonly clock: Clock;
  settings: LimitSettings;
  calendar: ResetCalendar;

  constructor(clock: Clock, settings: LimitSettings) {
    this.clock = clock;
    this.settings = settings;
    this.calendar = new ResetCalendar(settings.zone);
  }

  configure(settings: LimitSettings): void {
    this.settings = settings;
    this.calendar = new ResetCalendar(settings.zone);
  }

  /** Tokens that count. A provider that reports nonsense counts as nothing. */
  counted({ input, output }: TokenCount): number {
    const { tokenType } = this.settings;
    const tokens = tokenType === 'input' ? input : tokenType === 'output' ? output : input + output;
    return tokens > 0 ? tokens : 0;
  }
}

import type { Finish } from '../../../core/answer.ts';
import { isCutShort } from '../chat/finish.ts';

/** `finishReason`: Google's own word where the provider said one; calls end like any other turn. */
export function finishReasonOf({ reason, native = '' }: Finish, refused: boolean): string {
  if (native === 'OTHER' || isCutShort(native)) return native;
  if (reason === 'length') return 'MAX_TOKENS';
  return reason === 'content_filter' || refused ? 'SAFETY' : 'STOP';
}

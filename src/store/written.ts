import { BadRequestError, DatabaseUnavailableError, type GatewayError } from '../core/errors.ts';
import { DatabaseError } from './database-error.ts';

/**
 * A change that somebody asked for, with the database's refusals in their words.
 *
 * @throws {DatabaseUnavailableError} while the database is away
 * @throws {BadRequestError} when a value does not fit; `said` tells more of some constraints by their name
 */
export async function written<T>(work: Promise<T>, said: Readonly<Record<string, () => GatewayError>> = {}): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    const told = said[error.constraint ?? ''];
    if (told) throw told();
    if (error.failure === 'data' || error.failure === 'constraint') throw new BadRequestError('A value is outside what can be stored.');
    if (error.transient) throw new DatabaseUnavailableError('The database cannot be reached, so nothing was changed. Try again shortly.');
    throw error;
  }
}

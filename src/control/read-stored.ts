import { BadRequestError, DatabaseUnavailableError } from '../core/errors.ts';
import { DatabaseError } from '../store/database-error.ts';

/**
 * Runs what reads the database for an answer, with the database's refusals in the caller's words.
 *
 * @throws {DatabaseUnavailableError | BadRequestError}
 */
export async function readStored<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof DatabaseError && error.transient)
      throw new DatabaseUnavailableError('The database cannot be reached, so this cannot be read. Calls go on; try again shortly.');
    if (error instanceof DatabaseError && error.failure === 'data')
      throw new BadRequestError('The question holds a value that no row can have.');
    throw error;
  }
}

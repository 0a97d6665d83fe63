import { checkConfig, isFit } from '../../config/check.ts';
import type { Config } from '../../config/config.ts';
import type { Variables } from '../../config/expand.ts';
import { tryLoadConfig } from '../../config/load.ts';
import type { Problem } from '../../config/problem.ts';
import { ConfigError } from '../../core/errors.ts';
import { parseDatabaseUrl } from '../../store/address.ts';
import { tryConnection } from '../../store/try-connection.ts';

const ENVIRONMENT = { file: 'environment', line: 0, column: 0 } as const;

/** How long a database may take to let us in. */
const DATABASE_MS = 5000;

/**
 * All that `check-config` has to say: what is wrong in the file, and when nothing is, whether the database that it names lets
 * us in (ruling S13). Nothing is started and nothing is written.
 */
export async function problemsOf(file: string, variables: Variables): Promise<readonly Problem[]> {
  const problems = await checkConfig({ file, variables });
  if (!isFit(problems)) return problems;
  const { config } = await tryLoadConfig({ file, variables });
  const trouble = config && (await databaseTrouble(config));
  return trouble ? [...problems, trouble] : problems;
}

async function databaseTrouble(config: Config): Promise<Problem | null> {
  const url = config.general.databaseUrl;
  if (url === null) return null;
  const message = await troubleAt(url);
  if (message === null) return null;
  if (config.variables['DATABASE_URL']) return { ...ENVIRONMENT, severity: 'error', key: 'DATABASE_URL', message };
  const key = 'general_settings.database_url';
  return { ...(config.sourceOf(key) ?? ENVIRONMENT), severity: 'error', key, message };
}

async function troubleAt(url: string): Promise<string | null> {
  try {
    return await tryConnection(parseDatabaseUrl(url), DATABASE_MS);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

/** `/app/bin/prepare` of the image: runs once as root before the server, takes no arguments, ends. */
import { readAppOptions } from '../../config/app-variables.ts';
import { EXIT } from '../../config/options.ts';
import { ConfigError } from '../../core/errors.ts';
import { accountOf } from './account.ts';
import { prepare } from './prepare.ts';

const PLACES = {
  data: '/data',
  config: '/config',
  homeAssistant: '/homeassistant',
  ssl: '/ssl',
  run: '/run/gateway',
  bridge: '/app/bridge/llm_gateway',
} as const;

try {
  await prepare({
    places: PLACES,
    options: await readAppOptions(process.env),
    account: await accountOf('gateway'),
    now: () => new Date(),
    say: (line) => process.stdout.write(`${line}\n`),
  });
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = EXIT.config;
}

import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { programVariables, underSupervisor } from '../../config/app-variables.ts';
import { isFit } from '../../config/check.ts';
import type { Config } from '../../config/config.ts';
import type { Variables } from '../../config/expand.ts';
import { loadConfig, tryLoadConfig } from '../../config/load.ts';
import { EXIT, readCommand, USAGE, type Options } from '../../config/options.ts';
import { problemText } from '../../config/problem.ts';
import { resolveSecrets } from '../../config/secrets.ts';
import { ensureConfigFile } from '../../config/sample.ts';
import { ConfigError } from '../../core/errors.ts';
import { compose } from '../compose.ts';
import type { Assets } from '../compose/ground.ts';
import { Gateway } from '../gateway.ts';
import { createLog } from '../log.ts';
import { readTls } from '../tls.ts';
import { VERSION } from '../version.ts';
import { problemsOf } from './check.ts';

/** Runs the program. @returns its exit code */
export async function runCli(argv: readonly string[]): Promise<number> {
  try {
    const variables = await programVariables(process.env);
    const command = readCommand(argv, variables, process.cwd());
    switch (command.name) {
      case 'help':
        process.stdout.write(USAGE);
        return EXIT.ok;
      case 'version':
        process.stdout.write(`llm-gateway ${VERSION}\n`);
        return EXIT.ok;
      case 'check-config':
        return await check(command.file, variables);
      case 'key':
        return await printKey(command.options, variables);
      case 'start':
        return await serve(command.options, variables);
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return EXIT.config;
  }
}

async function check(file: string, variables: Variables): Promise<number> {
  const problems = await problemsOf(file, variables);
  for (const problem of problems) process.stdout.write(`${problemText(problem)}\n`);
  if (!isFit(problems)) return EXIT.failed;
  process.stdout.write(`${file}: fit to use\n`);
  return EXIT.ok;
}

async function printKey(options: Options, variables: Variables): Promise<number> {
  const { config } = await tryLoadConfig({ file: options.configFile, variables });
  const { master } = await resolveSecrets({
    dataDir: options.dataDir,
    variables,
    masterKey: config?.general.masterKey ?? null,
    randomBytes,
  });
  // Said beside the key: who meant another data folder sees that this one had none.
  if (master.from === 'made') process.stderr.write(`Made ${master.path}\n`);
  process.stdout.write(`${master.value}\n`);
  return EXIT.ok;
}

async function serve(options: Options, variables: Variables): Promise<number> {
  const made = await ensureConfigFile(options.configFile);
  const load = { file: options.configFile, variables };
  const config = await loadConfig(load);
  const secrets = await resolveSecrets({
    dataDir: options.dataDir,
    variables,
    masterKey: config.general.masterKey,
    randomBytes,
    refuseWeak: underSupervisor(process.env) && !config.environment.permitWeakKeys,
  });
  const json = { on: config.litellm.jsonLogs };
  const log = createLog({ level: options.logLevel, json: () => json.on, write: (line) => process.stdout.write(line) });
  const onConfig = (next: Config): void => {
    json.on = next.litellm.jsonLogs;
  };
  const tls = options.tls && (await readTls(options.tls));
  const parts = await compose({ options, config, load, onConfig, secrets, assets: assetsOf(), log, tls });
  const gateway = new Gateway({ parts, log, options, secrets });
  if (made) log.info(`Made ${options.configFile} with samples and a model called "demo"`);
  for (const problem of config.warnings) log.warn(problemText(problem));
  for (const warning of secrets.warnings) log.warn(warning);
  return gateway.run(process);
}

/** Beside the bundle in `dist/`, or in the sources. */
function assetsOf(): Assets {
  const bundled = !import.meta.url.endsWith('.ts');
  const at = (path: string): URL => new URL(path, import.meta.url);
  return bundled
    ? {
        migrations: fileURLToPath(at('./migrations')),
        countWorker: at('./count-worker.js'),
        prices: at('./prices.json'),
        panel: fileURLToPath(at('./panel')),
        swagger: fileURLToPath(at('./swagger-ui')),
        packages: at('./packages.json'),
      }
    : {
        migrations: fileURLToPath(at('../../store/migrations')),
        countWorker: at('../../ledger/tokens/count-worker.ts'),
        prices: null,
        panel: fileURLToPath(at('../../../dist/panel')),
        swagger: fileURLToPath(at('../../../node_modules/swagger-ui-dist')),
        packages: at('../../../package-lock.json'),
      };
}

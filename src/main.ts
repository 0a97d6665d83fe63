import { runCli } from './server/cli/run.ts';

process.exitCode = await runCli(process.argv.slice(2));

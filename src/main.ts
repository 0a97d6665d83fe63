import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// The built program finds itself compiled beside it (scripts/build.ts). Node checks each piece against its source; where the
// folder cannot be written, or is another Node's, everything is compiled as ever.
if (import.meta.filename.endsWith('.js')) enableCompileCache({ directory: join(import.meta.dirname, 'compiled'), portable: true });

const { runCli } = await import('./server/cli/run.ts');
process.exitCode = await runCli(process.argv.slice(2));

/** A gateway that only runs its PostgreSQL: prints the server's process id once it is ready, and waits to be killed. */
import { EmbeddedPostgres } from '../../../src/store/embedded/embedded-postgres.ts';

const server = new EmbeddedPostgres({ directory: process.argv[2] ?? '', log: { info: () => {}, warn: () => {} }, durable: false });
await server.start();
process.stdout.write(`${server.pid}\n`);

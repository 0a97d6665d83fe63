import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import type { Upstream } from '../exchange/upstream.ts';
import type { ModelTable } from '../router/model-table.ts';
import type { DeploymentBuilder, RefusedRow } from './deployments.ts';

/** The models of the configuration in force, and the rows that cannot be called. */
export class Models {
  readonly #builder: DeploymentBuilder;
  readonly #log: Logger;
  #refused: readonly RefusedRow[] = [];

  constructor({ builder, log }: { readonly builder: DeploymentBuilder; readonly log: Logger }) {
    this.#builder = builder;
    this.#log = log;
  }

  get refused(): readonly RefusedRow[] {
    return this.#refused;
  }

  /** Makes the table of a configuration and tells what is wrong with its rows. */
  tableOf(config: Config): ModelTable<Upstream> {
    const { table, refused, notes } = this.#builder.build(config);
    this.#refused = refused;
    for (const { file, line, modelName, reason } of refused) this.#log.warn(`${file}:${line}: ${modelName} is left out: ${reason}`);
    for (const note of notes) this.#log.info(note);
    return table;
  }
}

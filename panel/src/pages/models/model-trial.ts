import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { ApiError } from '../../api/client.ts';
import { addModel, changeModel, testConnection, type ModelBody, type StoredModel } from '../../api/models.ts';
import type { ConnectionTestAnswer } from '../../../../src/contract/connection-test.ts';
import { patchOf, type Values } from './draft.ts';

type Result = ConnectionTestAnswer['result'];

/** A model that is being changed, and the masks of its secrets, which stay unless they are typed anew. */
export interface Old {
  readonly model: StoredModel;
  readonly masks: Values;
}

/** What came of a form. */
export interface ModelDone {
  readonly name: string;
  /** What the owner should know although it worked. */
  readonly warnings: readonly string[];
}

/** Tries a model as described, then keeps it: adds it, or changes the one that is there. Ends the test when the form goes away. */
export class ModelTrial implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #test: AbortController | null = null;
  #busy: 'testing' | 'keeping' | null = null;
  /** Of a test that failed. */
  result: Result | null = null;
  /** Why the gateway did not take the model, or could not try it. */
  refusal = '';
  /** The field that the refusal is about. */
  blamed: string | null = null;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  get busy(): 'testing' | 'keeping' | null {
    return this.#busy;
  }

  hostDisconnected(): void {
    this.#test?.abort();
  }

  /** @returns null when it was not kept: then `result` or `refusal` says why */
  run(body: ModelBody, old: Old | null): Promise<ModelDone | null> {
    return this.#guarded('testing', async () => {
      this.#test = new AbortController();
      const described = {
        litellm_params: body.litellm_params,
        model_info: { ...body.model_info, ...(old ? { id: old.model.model_id } : {}) },
      };
      const { status, result } = await testConnection(described, this.#test.signal);
      if (status === 'success') return keep(body, old, result.warnings);
      this.result = result;
      return null;
    });
  }

  /** Keeps it untried. */
  keep(body: ModelBody, old: Old | null): Promise<ModelDone | null> {
    return this.#guarded('keeping', () => keep(body, old, []));
  }

  async #guarded(busy: 'testing' | 'keeping', work: () => Promise<ModelDone | null>): Promise<ModelDone | null> {
    this.#busy = busy;
    this.refusal = '';
    this.blamed = null;
    if (busy === 'testing') this.result = null;
    this.#host.requestUpdate();
    try {
      return await work();
    } catch (error) {
      if (this.#test?.signal.aborted) return null;
      if (!(error instanceof ApiError)) throw error;
      this.result = null;
      this.refusal = error.message;
      this.blamed = error.param?.split('.').at(-1) ?? null;
      return null;
    } finally {
      this.#busy = null;
      this.#host.requestUpdate();
    }
  }
}

async function keep(body: ModelBody, old: Old | null, warnings: readonly string[]): Promise<ModelDone> {
  if (old) await changeModel(old.model.model_id, patchOf(old.model, body, old.masks));
  else await addModel(body);
  return { name: body.model_name, warnings };
}

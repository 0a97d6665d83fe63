import { isObject } from '../../core/json-object.ts';
import { modelsOf } from '../../dialects/ollama/models.ts';
import { inTurns } from './in-turns.ts';
import type { FoundModel, FoundServer, LocalKind } from './found.ts';
import { isLoaded, isRouter, llamaModel, llamaProps } from './llama-cpp.ts';
import { lmStudioModels } from './lm-studio.ts';
import { ollamaModel } from './ollama.ts';
import { kindByOwner, listedModels, listIn, type ListEntry } from './openai-list.ts';
import type { Questions } from './questions.ts';

type Found = Omit<FoundServer, 'address'>;

/** Ports at which a server that asks for a key is that server and nothing else. */
const LOCKED_PORTS: Readonly<Record<string, LocalKind>> = { '1234': 'lm_studio', '1337': 'jan' };

/** Models of one server that are asked about one by one. */
const MOST_ASKED = 200;
const AT_ONCE = 4;

/**
 * Finds out what answers at an address: one question that every server knows, then those that tell them apart.
 *
 * @param named whether its owner named the address: then whatever asks for a key counts as a server
 * @returns null when there is no server of models
 */
export async function recognised(ask: Questions, port: string, named: boolean): Promise<Found | null> {
  const list = await ask.get('/v1/models');
  if (!list) return null;
  if (list.status === 401 || list.status === 403) {
    const kind = LOCKED_PORTS[port] ?? (named ? 'openai_like' : null);
    return kind && { kind, version: null, locked: true, models: [] };
  }
  const entries = list.status === 200 ? listIn(list.body) : null;
  if (list.headers['server'] === 'llama.cpp') return llamaServer(ask, entries ?? []);
  const owner = kindByOwner(entries ?? []);
  if (owner === 'llamacpp') return llamaServer(ask, entries ?? []);
  if (owner !== null)
    return { kind: owner, version: versionIn(await ask.body('/version')), locked: false, models: listedModels(entries ?? []) };
  return (await lmStudio(ask)) ?? (await ollama(ask)) ?? (entries && (await other(ask, entries, port)));
}

async function lmStudio(ask: Questions): Promise<Found | null> {
  const [native, beta] = await Promise.all([ask.body('/api/v1/models'), ask.body('/api/v0/models')]);
  const models = lmStudioModels(native, beta);
  return models && { kind: 'lm_studio', version: null, locked: false, models };
}

async function ollama(ask: Questions): Promise<Found | null> {
  const [version, tags, kobold] = await Promise.all([ask.body('/api/version'), ask.body('/api/tags'), ask.body('/api/extra/version')]);
  if (!isObject(tags) || !Array.isArray(tags['models'])) return null;
  const models = modelsOf(tags);
  // Others speak Ollama's interface too.
  if (isObject(kobold) && kobold['result'] === 'KoboldCpp') return null;
  if (isBackends(await ask.body('/system'))) return null;
  const found = await inTurns(models.slice(0, MOST_ASKED), AT_ONCE, async (model): Promise<FoundModel> => {
    const shown = await ask.post('/api/show', { model: model.name });
    return ollamaModel(model, shown?.status === 200 ? shown.body : null);
  });
  return { kind: 'ollama', version: versionIn(version), locked: false, models: found };
}

async function llamaServer(ask: Questions, entries: readonly ListEntry[]): Promise<Found> {
  const props = llamaProps(await ask.body('/props'));
  const version = props?.build_info || null;
  if (!isRouter(entries, props))
    return { kind: 'llamacpp', version, locked: false, models: entries.map((entry) => llamaModel(entry, props)) };
  const models = await inTurns(entries.slice(0, MOST_ASKED), AT_ONCE, async (entry) => {
    // Asking a router about a model that rests would load it.
    const own = isLoaded(entry) ? await ask.body(`/props?model=${encodeURIComponent(entry.id)}&autoload=false`) : null;
    return llamaModel(entry, own === null ? null : llamaProps(own));
  });
  return { kind: 'llamacpp', version, locked: false, models };
}

async function other(ask: Questions, entries: readonly ListEntry[], port: string): Promise<Found> {
  const [system, version, kobold] = await Promise.all([ask.body('/system'), ask.body('/version'), ask.body('/api/extra/version')]);
  const models = listedModels(entries);
  if (isBackends(system)) return { kind: 'localai', version: versionIn(version), locked: false, models };
  if (isObject(kobold) && kobold['result'] === 'KoboldCpp') return { kind: 'koboldcpp', version: versionIn(kobold), locked: false, models };
  return { kind: port === '1337' ? 'jan' : 'openai_like', version: versionIn(version), locked: false, models };
}

/** LocalAI lists its backends at `/system`. */
function isBackends(body: unknown): boolean {
  return isObject(body) && Array.isArray(body['backends']);
}

function versionIn(body: unknown): string | null {
  const version = isObject(body) ? body['version'] : null;
  return typeof version === 'string' && version !== '' ? version.slice(0, 100) : null;
}

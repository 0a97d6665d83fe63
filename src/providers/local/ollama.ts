import { modelFactsOf, type OllamaModel } from '../../dialects/ollama/models.ts';
import { modeOfName } from '../model-mode.ts';
import { UNKNOWN_MODEL, type FoundModel } from './found.ts';

/** @param shown the answer of `/api/show` for this model; null when there was none */
export function ollamaModel(model: OllamaModel, shown: unknown): FoundModel {
  const { abilities, completion, contextLength, embedding, numCtx } = modelFactsOf(shown);
  const mode = embedding === null ? modeOfName(model.name) : embedding && completion !== true ? 'embedding' : 'chat';
  return {
    ...UNKNOWN_MODEL,
    id: model.name,
    mode,
    contextLength: numCtx ?? contextLength,
    tools: abilities.tools,
    vision: abilities.vision,
    reasoning: abilities.reasoning,
    sizeBytes: model.sizeBytes,
    parameters: model.parameterSize,
    quantization: model.quantization,
    remote: model.remote,
  };
}

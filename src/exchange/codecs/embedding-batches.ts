import type { EmbeddingsAnswer } from '../../core/answer.ts';
import type { EmbeddingsRequest } from '../../core/request.ts';
import type { Usage } from '../../core/usage.ts';

/** The request in as many as a provider needs for its inputs. One that is small enough stays as it is. */
export function batchesOf(request: EmbeddingsRequest, most: number | undefined): readonly EmbeddingsRequest[] {
  const { input } = request;
  if (most === undefined || input.length <= most) return [request];
  const starts = Array.from({ length: Math.ceil(input.length / most) }, (_, i) => i * most);
  return starts.map((start) => ({ ...request, input: input.slice(start, start + most) as EmbeddingsRequest['input'] }));
}

/** The vectors of all batches in order, and what they used together; without usage when one of them told none. */
export function joinedBatches(answers: readonly EmbeddingsAnswer[]): EmbeddingsAnswer {
  const [first] = answers;
  if (first && answers.length === 1) return first;
  const usages = answers.map(({ usage }) => usage).filter((usage) => usage !== undefined);
  return {
    ...(first?.model === undefined ? {} : { model: first.model }),
    vectors: answers.flatMap(({ vectors }) => vectors),
    ...(usages.length === answers.length ? { usage: summed(usages) } : {}),
  };
}

function summed(usages: readonly Usage[]): Usage {
  const sumOf = (count: (usage: Usage) => number | undefined): number => usages.reduce((sum, usage) => sum + (count(usage) ?? 0), 0);
  const imageInputTokens = sumOf((usage) => usage.imageInputTokens);
  return {
    inputTokens: sumOf((usage) => usage.inputTokens),
    outputTokens: 0,
    ...(imageInputTokens > 0 ? { imageInputTokens } : {}),
    raw: usages.map(({ raw }) => raw),
  };
}

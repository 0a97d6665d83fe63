import type { EmbeddingsAnswer } from '../../core/answer.ts';
import type { EmbeddingsRequest } from '../../core/request.ts';
import { usageOfAll, type Usage } from '../../core/usage.ts';

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
  const usages = usagesOf(answers);
  return {
    ...(first?.model === undefined ? {} : { model: first.model }),
    vectors: answers.flatMap(({ vectors }) => vectors),
    ...(usages.length === answers.length ? { usage: usageOfAll(usages) } : {}),
  };
}

/** What was told of their use. */
export function usagesOf(answers: readonly EmbeddingsAnswer[]): Usage[] {
  return answers.map(({ usage }) => usage).filter((usage) => usage !== undefined);
}

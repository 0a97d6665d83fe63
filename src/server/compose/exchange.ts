import { randomUUID } from 'node:crypto';
import type { Config } from '../../config/config.ts';
import { createAgents } from '../../dialects/agents/index.ts';
import { createAnthropic } from '../../dialects/anthropic/index.ts';
import { createBedrock } from '../../dialects/bedrock/index.ts';
import { createCohere } from '../../dialects/cohere/index.ts';
import { createGemini } from '../../dialects/gemini/index.ts';
import { gigachat } from '../../dialects/gigachat/index.ts';
import { ollama } from '../../dialects/ollama/index.ts';
import { prompted } from '../../dialects/prompted/index.ts';
import { createOci } from '../../dialects/oci/index.ts';
import { watsonx } from '../../dialects/watsonx/index.ts';
import { openai } from '../../dialects/openai/index.ts';
import { replicate } from '../../dialects/replicate/index.ts';
import { sap } from '../../dialects/sap/index.ts';
import { voices } from '../../dialects/voices/index.ts';
import { vectors } from '../../dialects/vectors/index.ts';
import { responses as responsesDialect } from '../../dialects/openai/responses-out/index.ts';
import { pictures } from '../../dialects/pictures/index.ts';
import { ChatCodec } from '../../exchange/codecs/chat.ts';
import { CompletionsCodec } from '../../exchange/codecs/completions.ts';
import { EmbedContent } from '../../exchange/codecs/embed-content.ts';
import { Embeddings } from '../../exchange/codecs/embeddings.ts';
import { GenerateCodec } from '../../exchange/codecs/generate.ts';
import { ImageFetcher } from '../../exchange/codecs/images/fetched-images.ts';
import { ImagesCodec } from '../../exchange/codecs/images/images.ts';
import { MessagesCodec } from '../../exchange/codecs/messages.ts';
import { ModerationsCodec } from '../../exchange/codecs/moderations.ts';
import { RerankCodec } from '../../exchange/codecs/rerank.ts';
import { ResponsesCodec } from '../../exchange/codecs/responses.ts';
import { SpeechCodec } from '../../exchange/codecs/speech.ts';
import type { TextsOfTokens } from '../../exchange/codecs/texts-of-tokens.ts';
import { TranscriptionCodec } from '../../exchange/codecs/transcription.ts';
import { ResponseStore } from '../../exchange/response-store.ts';
import { InputCount } from '../../exchange/input-count.ts';
import { Journey } from '../../exchange/journey.ts';
import { MediaInliner } from '../../exchange/media-inliner.ts';
import { Passages } from '../../exchange/passage/passage.ts';
import { ProviderResponses } from '../../exchange/provider-responses.ts';
import { Proofs } from '../../exchange/proofs.ts';
import { ReasoningMemory } from '../../exchange/reasoning-memory.ts';
import { Refusals } from '../../exchange/refusals.ts';
import { RunningCalls } from '../../exchange/running-calls.ts';
import { AgentCards } from '../../exchange/trial/agent-cards.ts';
import { Trials } from '../../exchange/trial/trial.ts';
import { journeySettingsOf, statusSettingsOf } from '../settings.ts';
import { UnlistedModels } from '../unlisted-models.ts';
import { wait } from '../wait.ts';
import type { Ground } from './ground.ts';
import type { IdentityParts } from './identity.ts';
import type { ModelParts } from './models.ts';
import type { MoneyParts } from './money.ts';
import type { ProviderParts } from './providers.ts';
import type { StoreParts } from './store.ts';

/** The journey of a call, where the capabilities meet. */
export function composeExchange(
  { clock, config, live }: Ground,
  { keptReasoning, keptResponses }: StoreParts,
  { limits, ledger, counter }: MoneyParts,
  { people }: IdentityParts,
  { egress, fetcher, issuers, publicTransport, transport }: ProviderParts,
  { models, router }: ModelParts,
) {
  const memory = new ReasoningMemory(keptReasoning);
  const reasoningBudgets = budgetsOf(config);
  const dialects = {
    openai,
    responses: responsesDialect,
    anthropic: createAnthropic({ reasoningBudgets }),
    ollama,
    cohere: createCohere({ reasoningBudgets }),
    gemini: createGemini({ reasoningBudgets }),
    bedrock: createBedrock({ reasoningBudgets }),
    watsonx,
    prompted,
    oci: createOci({ reasoningBudgets }),
    ...createAgents(randomUUID),
    replicate,
    gigachat,
    sap,
    vectors,
    pictures,
    voices,
  };
  const media = new MediaInliner(fetcher);
  const conversations = { dialects, memory, media };
  const images = new ImagesCodec({ dialects, media, fetcher: new ImageFetcher(fetcher) });
  const responses = new ResponseStore(keptResponses);
  const textsOfTokens: TextsOfTokens = (model, lists) => counter.texts(model, lists);
  const codecs = {
    chat: new ChatCodec(conversations),
    messages: new MessagesCodec(conversations),
    responses: new ResponsesCodec(responses, conversations),
    generate: new GenerateCodec(conversations),
    embeddings: new Embeddings(dialects, textsOfTokens),
    embed: new EmbedContent(dialects),
    speech: new SpeechCodec(dialects),
    transcription: new TranscriptionCodec(dialects),
    completions: new CompletionsCodec({ ...conversations, textsOfTokens }),
    moderations: new ModerationsCodec(),
    rerank: new RerankCodec(dialects),
    image_generation: images,
    image_edit: images,
  };
  const proofs = new Proofs(issuers);
  const unlisted = new UnlistedModels({ models, live });
  const running = new RunningCalls();
  const settings = () => journeySettingsOf(live.config);
  const metered = {
    clock,
    limits,
    ledger,
    refusals: new Refusals({ clock, ledger, statuses: () => statusSettingsOf(live.config) }),
    counter,
    people,
    running,
    settings,
  };
  const ways = { transport, publicTransport, egress };
  const journey = new Journey({ ...metered, router, ways, proofs, codecs, unlisted: (call) => unlisted.groupFor(call), wait });
  return {
    journey,
    passages: new Passages({ ...metered, dialects }),
    proofs,
    running,
    responses,
    providerResponses: new ProviderResponses({ router, transport, proofs }),
    inputCount: new InputCount({ router, dialects, transport, proofs, counter }),
    cards: new AgentCards({ clock, transport, dialects }),
    trials: new Trials({ clock, ways, proofs, codecs, wait }),
  };
}

export type ExchangeParts = ReturnType<typeof composeExchange>;

function budgetsOf({ environment }: Config) {
  return {
    disable: environment.thinkingBudgetDisable,
    minimal: environment.thinkingBudgetMinimal,
    low: environment.thinkingBudgetLow,
    medium: environment.thinkingBudgetMedium,
    high: environment.thinkingBudgetHigh,
  };
}

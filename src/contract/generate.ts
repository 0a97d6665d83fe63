import { z } from 'zod';

const Part = z.looseObject({
  text: z.string().optional(),
  thought: z.boolean().optional().describe('Whether the text is a thought of the model.'),
  inlineData: z.looseObject({ mimeType: z.string(), data: z.string() }).optional(),
  functionCall: z.looseObject({ name: z.string() }).optional(),
  functionResponse: z.looseObject({ name: z.string() }).optional(),
});
const Content = z.looseObject({ role: z.string().optional().describe('`user` or `model`.'), parts: z.array(Part) });

/** `:generateContent` and `:streamGenerateContent`; every other member goes to a provider that speaks this dialect as it came. */
export const GenerateBody = z
  .looseObject({
    contents: z.array(Content),
    systemInstruction: Content.optional(),
    tools: z.array(z.looseObject({ functionDeclarations: z.array(z.looseObject({ name: z.string() })).optional() })).optional(),
    toolConfig: z.looseObject({}).optional(),
    generationConfig: z
      .looseObject({
        temperature: z.number().optional(),
        topP: z.number().optional(),
        topK: z.number().optional(),
        maxOutputTokens: z.int().optional(),
        candidateCount: z.int().optional(),
        stopSequences: z.array(z.string()).optional(),
        responseMimeType: z.string().optional(),
        thinkingConfig: z.looseObject({}).optional(),
      })
      .optional(),
    safetySettings: z.array(z.looseObject({})).optional(),
    timeout: z.number().optional().describe('Seconds that this call may take.'),
    num_retries: z.int().optional(),
    fallbacks: z.array(z.union([z.string(), z.looseObject({ model: z.string() })])).optional(),
  })
  .meta({ id: 'GenerateContentRequest' });

const UsageMetadata = z.looseObject({
  promptTokenCount: z.int(),
  candidatesTokenCount: z.int().optional(),
  thoughtsTokenCount: z.int().optional(),
  totalTokenCount: z.int(),
});

export const GenerateAnswer = z
  .looseObject({
    candidates: z.array(z.looseObject({ content: Content, finishReason: z.string(), index: z.int() })).optional(),
    promptFeedback: z.looseObject({ blockReason: z.string() }).optional(),
    usageMetadata: UsageMetadata.optional(),
    modelVersion: z.string(),
    responseId: z.string(),
  })
  .meta({ id: 'GenerateContentResponse' });

export const StreamQuery = z.object({
  alt: z.string().optional().describe('`sse`: server-sent events. Else one JSON list that grows.'),
});

/** `:countTokens` */
export const CountContentBody = z
  .looseObject({ contents: z.array(Content).optional(), generateContentRequest: z.looseObject({}).optional() })
  .meta({ id: 'CountTokensRequest' });
export const CountContentAnswer = z.looseObject({ totalTokens: z.int() });

const EmbedWish = z.looseObject({
  content: Content,
  taskType: z.string().optional(),
  outputDimensionality: z.int().optional(),
});
const Vector = z.object({ values: z.array(z.number()) });

/** `:embedContent` */
export const EmbedBody = EmbedWish.meta({ id: 'EmbedContentRequest' });
export const EmbedAnswer = z.looseObject({ embedding: Vector });

/** `:batchEmbedContents` */
export const BatchEmbedBody = z.looseObject({ requests: z.array(EmbedWish) }).meta({ id: 'BatchEmbedContentsRequest' });
export const BatchEmbedAnswer = z.looseObject({ embeddings: z.array(Vector) });

export const ContentModel = z
  .object({
    name: z.string().describe('`models/` and the name to call it by.'),
    baseModelId: z.string(),
    version: z.string(),
    displayName: z.string(),
    inputTokenLimit: z.int().optional(),
    outputTokenLimit: z.int().optional(),
    supportedGenerationMethods: z.array(z.string()),
  })
  .meta({ id: 'ContentModel' });
export const ContentModelList = z.object({ models: z.array(ContentModel), nextPageToken: z.string().optional() });
export const ContentModelQuery = z.object({
  pageSize: z.coerce.number().int().min(1).max(1000).optional().describe('50 when it is not said.'),
  pageToken: z.string().optional().describe('`nextPageToken` of the page before.'),
});

/** An error in the shape of Google's APIs. */
export const GenerateErrorBody = z
  .object({
    error: z.object({ code: z.int(), message: z.string(), status: z.string(), details: z.array(z.looseObject({})) }),
  })
  .meta({ id: 'GoogleError' });

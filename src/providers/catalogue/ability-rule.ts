import { z } from 'zod';

/** What a family of models can do. */
export const AbilityRule = z.strictObject({
  /** Fits the model's name, lower case, from after its last `/`. */
  match: z.string(),
  except: z.string().optional(),
  abilities: z
    .strictObject({
      vision: z.boolean(),
      tools: z.boolean(),
      jsonSchema: z.boolean(),
      reasoning: z.boolean(),
      audioInput: z.boolean(),
      pdfInput: z.boolean(),
      promptCaching: z.boolean(),
      webSearch: z.boolean(),
      maxInputTokens: z.number().int().positive(),
      maxOutputTokens: z.number().int().positive(),
    })
    .partial(),
  source: z.url(),
  /** `YYYY-MM` or `YYYY-MM-DD`: when the source said so. */
  date: z.string().regex(/^\d{4}-\d{2}(-\d{2})?$/),
});
export type AbilityRule = Readonly<z.infer<typeof AbilityRule>>;

export const AbilityFile = z.strictObject({ about: z.string(), rules: z.array(AbilityRule) });

import { z } from 'zod';

/**
 * Request quirks of a provider as data. One interpreter (`quirks/apply.ts`) reads them; a quirk that is not in this schema
 * does not exist. Parameter names are OpenAI's wire names.
 */

const Json = z.json();
const JsonMap = z.record(z.string(), Json);

/** A parameter the provider refuses: always (a bare name), or only when every condition that is given holds. */
export const ParamRule = z.union([
  z.string(),
  z.strictObject({
    param: z.string(),
    above: z.number().optional(),
    not: Json.optional(),
    notIn: z.array(Json).optional(),
    in: z.array(Json).optional(),
    /** Only for models known to lack this ability. */
    lacks: z.enum(['tools', 'vision', 'jsonSchema', 'reasoning']).optional(),
  }),
]);

/** How Anthropic's `thinking` object is said: as it is, as `reasoning_effort`, not at all, or by members of the provider's own. */
export const ThinkingRule = z.union([
  z.enum(['native', 'effort', 'unsupported']),
  z.strictObject({
    /** Path that takes `budget_tokens`. */
    budget: z.string(),
    /** Merged into the body when thinking is asked for, and when it is turned off. */
    on: JsonMap.optional(),
    off: JsonMap,
  }),
]);

export const Quirks = z
  .strictObject({
    // --- parameters
    /** Name → new name, or a path below another member (`options.seed`). */
    rename: z.record(z.string(), z.string()),
    /** Hints whose loss changes nothing in the answer's form: left out in silence. */
    drop: z.array(z.string()),
    /** Refused by the provider: an error, or left out when the caller's policy drops. */
    unsupported: z.array(ParamRule),
    /** When given, every other known OpenAI parameter is unsupported. */
    supported: z.array(z.string()),
    /** Never dropped nor unsupported, whatever the lists above say. */
    accepts: z.array(z.string()),
    /** A parameter that is accepted while another has this value. */
    acceptsWith: z.record(z.string(), JsonMap),
    /**
     * Parameter → (value → what is sent). Keys are the value's text (`"0"`, `required`), `{object}` for any object, `*` for
     * everything else. A text or number replaces the value, `null` takes the parameter out, an object is merged into the body in
     * its place; `"*"` inside stands for the value that was asked for.
     */
    values: z.record(z.string(), z.record(z.string(), Json)),
    clamp: z.record(z.string(), z.tuple([z.number(), z.number()])),
    /** Raises a number, on the condition that another parameter is above a bound. */
    atLeast: z.array(
      z.strictObject({ param: z.string(), value: z.number(), when: z.strictObject({ param: z.string(), above: z.number() }) }),
    ),
    /** Lists that are cut to this length. */
    maxItems: z.record(z.string(), z.number().int().positive()),
    /** Members set when absent. */
    defaults: JsonMap,
    /** Members merged over whatever was asked. */
    force: JsonMap,
    /** The same of conversations whose answer is not streamed. */
    unstreamed: JsonMap,
    thinking: ThinkingRule,
    /** The only `thinking.type` values taken where `thinking` is native. */
    thinkingTypes: z.array(z.string()),

    // --- response_format
    /** `json_object` is refused: it is sent as a schema that allows any object. */
    jsonObject: z.literal('schema'),
    /** `json_schema` is refused: it is sent as `json_object`, with the schema in the system prompt. */
    jsonSchema: z.literal('prompt'),

    // --- tools
    /** Tool types taken; others are left out. */
    toolTypes: z.array(z.string()),
    /** Members removed from functions and, as keywords, from their schemas. */
    toolStrip: z.array(z.string()),
    /** Tools of type `custom` become functions with one text argument. */
    customTools: z.literal('function'),
    /** Length of tool-call ids, letters and digits only; other ids are hashed. */
    toolCallIdLength: z.number().int().positive(),
    /** `tool_choice: required` is left out and asked for in words. */
    requiredAsNudge: z.boolean(),

    // --- messages
    /** Role → role. */
    roles: z.record(z.string(), z.string()),
    /** System turns become text in front of the first user turn. */
    foldSystem: z.boolean(),
    /** Content lists of text alone become text; `roles` and `unlessVision` narrow it, `stringify` writes other lists as JSON text. */
    flatten: z.strictObject({
      roles: z.array(z.string()).optional(),
      unlessVision: z.boolean().optional(),
      stringify: z.boolean().optional(),
    }),
    dropName: z.enum(['always', 'except_tool']),
    /** Null members are taken out everywhere. */
    stripNulls: z.boolean(),
    skipEmptyAssistant: z.boolean(),
    /** `image_url` is a text, not an object. */
    imageUrlAsText: z.boolean(),
    /** Documents are `{type: "document_url", document_url}`. */
    fileAsDocumentUrl: z.boolean(),
    /** `input_audio` is the bare base64 text. */
    audioAsText: z.boolean(),
    /** Files of a video type become `video_url` parts. */
    videoFiles: z.boolean(),
    /** `thinking_blocks` become content parts of type `thinking`. */
    thinkingParts: z.boolean(),
    /** A cache mark on a message belongs on its last part. */
    cacheMarkOnLastPart: z.boolean(),
    /** User and assistant turns must alternate and begin with the user. */
    alternate: z.boolean(),
    /** A last assistant turn is a beginning to go on from, and must say so. */
    prefillPrefix: z.boolean(),
    /** Tool turns must name their function. */
    toolNames: z.boolean(),
    /** A user turn may not follow a tool turn. */
    assistantBetweenToolAndUser: z.boolean(),
    /** Assistant turns need `reasoning_content`, all or those with tool calls; a lost one is a space. */
    fillReasoning: z.enum(['always', 'tool_calls']),
    /** Reasoning is replayed as a content part `{type: "thinking", thinking: [...], closed: true}`. */
    reasoningList: z.boolean(),
    /** Signed thoughts are replayed as content parts `{type: "reasoning", summary: [{type: "summary_text", text, signature}]}`. */
    reasoningSummary: z.boolean(),
    /** Message members beyond OpenAI's that the provider understands; `*`: all. Others are taken out. */
    keep: z.array(z.string()),
  })
  .partial();
export type Quirks = Readonly<z.infer<typeof Quirks>>;

/** What the reader of answers must know; the dialect reads the fields everybody knows by itself. */
export const ReplyFlags = z
  .strictObject({
    /** Where reasoning stands when not in `reasoning_content`. */
    reasoningField: z.enum(['reasoning', 'reasoning_details']),
    /** Reasoning may stand between `<think>` tags in the content. */
    thinkTags: z.boolean(),
    /** Text and calls of tools may stand in several choices of one answer. */
    splitChoices: z.boolean(),
    /** `content` may be a list. */
    contentLists: z.boolean(),
    /** `completion_tokens` leaves reasoning out while the total has it. */
    foldReasoningUsage: z.boolean(),
    /** Usage stands here too. */
    usageField: z.string(),
    /** `usage.cost` is what the call cost, US dollars. */
    reportsCost: z.boolean(),
    /** `usage.cost_in_usd_ticks`: units of 1e-10 US dollars. */
    costTicks: z.boolean(),
    /** The provider's finish reason → ours, or `error`. */
    finish: z.record(z.string(), z.enum(['stop', 'length', 'tool_calls', 'content_filter', 'error'])),
    /** Status that a wrong key gets instead of 401. */
    badKeyStatus: z.number().int(),
    /** Business status inside a 200. */
    statusInBody: z.string(),
    /** Slow answers are only accepted (202), and asked for again by the id in `nvcf-reqid`. */
    accepted: z.boolean(),
    /** Models that search the web for every chat, bill it, and do not count it. */
    searches: z.string(),
    /** A wrong path answers 200 with `Unexpected endpoint`. */
    unexpectedEndpoint: z.boolean(),
  })
  .partial();
export type ReplyFlags = Readonly<z.infer<typeof ReplyFlags>>;

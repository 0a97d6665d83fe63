import { z } from 'zod';
import { JOB_FORMS, type JobFormName } from '../../dialects/jobs/forms.ts';

const Json = z.json();
const JsonMap = z.record(z.string(), Json);

/** How a provider is asked for images, where that differs from OpenAI's way. One interpreter (`providers/images/`) reads it. */
export const ImageRules = z
  .strictObject({
    /** Images are asked for in a conversation, by `modalities`. */
    by: z.literal('chat'),
    /** Path below the base; `{model}` stands for the model's name. */
    path: z.string(),
    /** The same of calls that bring images along; absent: such calls are not taken, or go where OpenAI's dialect has them. */
    editPath: z.string(),
    /** Calls that bring images along are not taken. */
    noEdits: z.boolean(),
    /** The body is a form also where no image comes along. */
    form: z.boolean(),
    /** Calls with images are JSON: the member that takes them all, or the first of them, as addresses. */
    imageList: z.string(),
    imageText: z.string(),
    /** The same as an object `{url}`. */
    imageObject: z.string(),
    /** The member that takes them as a list of objects `{uri}`. */
    imageUris: z.string(),
    /** The member that takes the first as an address or as base64 alone; further ones stand in the same with `_2`, `_3` ... behind. */
    imageNumbered: z.string(),
    /** The member for the mask; absent: `mask_url`. */
    mask: z.string(),
    /** OpenAI's parameters that are taken; when given, every other one is unsupported. */
    supported: z.array(z.string()),
    unsupported: z.array(z.string()),
    /** How `size` is said: `width` and `height`, `aspect_ratio`, or an object in `image_size`. */
    size: z.enum(['sides', 'ratio', 'object']),
    /** The forms that are taken, where it is said by `ratio`. */
    ratios: z.array(z.string()),
    /** Where it is said by `sides`: each is a multiple of so many pixels, and none is longer; the form of a larger one stays. */
    multiple: z.number().int().positive(),
    longest: z.number().int().positive(),
    rename: z.record(z.string(), z.string()),
    /** As in `Quirks`. */
    values: z.record(z.string(), z.record(z.string(), Json)),
    /** Members set when absent; those of `editDefaults` where images come along. */
    defaults: JsonMap,
    editDefaults: JsonMap,
    /** Most images of one request. */
    most: z.number().int().positive(),
    /** The one form in which images come, whatever was asked for. */
    gives: z.enum(['url', 'b64_json']),
    /** The body does not name the model. */
    withoutModel: z.boolean(),
    /** The member that names it, where that is not `model`. */
    modelName: z.string(),
    /** What is no part of its name in the body. */
    without: z.string(),
    /** The member that holds all others but the model. */
    inside: z.string(),
    /** Members that stand beside that one. */
    beside: z.array(z.string()),
    /** In which form images are asked to come. */
    accept: z.string(),
    /** Images are made by a job that is asked for until it is done; the forms are those of `dialects/jobs/forms.ts`. */
    job: z.enum(Object.keys(JOB_FORMS) as JobFormName[]),
  })
  .partial();
export type ImageRules = Readonly<z.infer<typeof ImageRules>>;

/** Rules for models whose upstream name matches; all that fit are laid over each other, the last one uppermost. */
export const ImageRuleFor = z.strictObject({ match: z.string().optional(), except: z.string().optional(), rules: ImageRules });
export type ImageRuleFor = Readonly<z.infer<typeof ImageRuleFor>>;

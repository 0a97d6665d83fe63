import {
  mdiFormatListNumbered,
  mdiImageEdit,
  mdiImageOutline,
  mdiImagePlus,
  mdiLightbulbOnOutline,
  mdiMicrophone,
  mdiScatterPlot,
  mdiVolumeHigh,
  mdiWrench,
} from '@mdi/js';
import type { TextKey } from '../../i18n/texts.ts';

export interface Ability {
  readonly icon: string;
  /** What the model does, as one says it of a model: "Calls tools". */
  readonly label: TextKey;
}

interface Known {
  readonly mode?: unknown;
  readonly [name: string]: unknown;
}

/** Models that do one thing show that thing. */
const BY_MODE: Readonly<Record<string, Ability>> = {
  embedding: { icon: mdiScatterPlot, label: 'models.abilities.embeddings' },
  audio_transcription: { icon: mdiMicrophone, label: 'models.abilities.listens' },
  audio_speech: { icon: mdiVolumeHigh, label: 'models.abilities.speaks' },
  image_generation: { icon: mdiImagePlus, label: 'models.abilities.draws' },
  image_edit: { icon: mdiImageEdit, label: 'models.abilities.paints' },
  rerank: { icon: mdiFormatListNumbered, label: 'models.abilities.ranks' },
};

const BY_FLAG: readonly (Ability & { readonly flag: string })[] = [
  { flag: 'supports_function_calling', icon: mdiWrench, label: 'models.abilities.tools' },
  { flag: 'supports_vision', icon: mdiImageOutline, label: 'models.abilities.vision' },
  { flag: 'supports_reasoning', icon: mdiLightbulbOnOutline, label: 'models.abilities.reasoning' },
  { flag: 'supports_audio_input', icon: mdiMicrophone, label: 'models.abilities.listens' },
];

/** What is known that a model can do; nothing for what is not known. */
export function abilitiesOf(info: Known): readonly Ability[] {
  const one = typeof info.mode === 'string' ? BY_MODE[info.mode] : undefined;
  return one ? [one] : BY_FLAG.filter(({ flag }) => info[flag] === true);
}

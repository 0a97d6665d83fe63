import type { FormField } from '../../../dialects/framing/multipart.ts';
import { baseName, formFieldsOf } from '../../../dialects/openai/audio/form-fields.ts';
import { isGatewayMember } from '../../../dialects/openai/members.ts';
import { IMAGE_MEMBERS } from '../../../dialects/openai/images/params.ts';
import { droppedMembers } from '../../../providers/drop-paths.ts';
import type { Upload } from '../../upload.ts';
import { isOwners } from '../../owners-say.ts';
import { OutgoingForm } from '../outgoing-form.ts';
import { providersMembers, type AskedMembers } from './image-members.ts';
import type { ImageTrip } from './image-trip.ts';

/** A form with images, which pass on as they arrive. */
export function imageForm({ call, deployment }: ImageTrip, upload: Upload, asked: AskedMembers): OutgoingForm {
  const { images: rules } = deployment.upstream.resolved;
  const passed = (fields: readonly FormField[]): readonly FormField[] =>
    fields.filter(([name]) => {
      const base = baseName(name);
      const isDropped = rules.unsupported?.includes(base) === true || droppedMembers(call.options.additionalDropParams).includes(base);
      return base !== 'model' && !isOwners(base, deployment.upstream) && !isGatewayMember(base) && !IMAGE_MEMBERS.has(base) && !isDropped;
    });
  return new OutgoingForm({ fields: formFieldsOf(providersMembers(asked, call, deployment)), upload, passed });
}

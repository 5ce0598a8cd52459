import type { Hdf5File } from './hdf5-file.ts';
import { messageTypes, type ObjectHeader } from './hdf5-format/object-header.ts';

const virtual = 3;

/**
 * Why a member of a file's root group must not be opened: HDF5 would follow it to another file, any file that
 * the process can read. This check opens nothing.
 *
 * Source: HDF5 File Format Specification 3.0, IV.A.2.g "The Link Message".
 *
 * @param members names of the root group's members
 * @returns what the member is, as part of a sentence; undefined if it is in the file
 */
export function leadsElsewhere(
  file: Pick<Hdf5File, 'link'>,
  members: ReadonlySet<string>,
  name: string,
): string | undefined {
  const link = file.link(name);
  if (link.kind === 'hard') return undefined;
  const target = link.target.replace(/^(\.?\/)+/, '');
  const isInside = link.kind === 'soft' && members.has(target) && file.link(target).kind === 'hard';
  return isInside ? undefined : `a link out of the file (to "${link.target}")`;
}

/**
 * Why the data of an object must not be read: it is stored in other files.
 *
 * Source: HDF5 File Format Specification 3.0, IV.A.2.h "External Data Files", IV.A.2.i "The Data Layout
 * Message", class 3.
 */
export function storedElsewhere({ messages }: Pick<ObjectHeader, 'messages'>): string | undefined {
  if (messages.some(({ type }) => type === messageTypes.externalFiles)) {
    return 'data that is stored in other files (external raw storage)';
  }
  const layout = messages.find(({ type }) => type === messageTypes.dataLayout)?.body;
  const isVirtual = layout && layout.readUInt8(0) >= 4 && layout.readUInt8(1) === virtual;
  return isVirtual ? 'data that is stored in other files (a virtual dataset)' : undefined;
}

import type { FilesDriver } from '../../files.ts';
import { pinFolder } from './pin.ts';

/** macOS: modes and owners by number, no access lists. */
export function createPortableFiles(): FilesDriver {
  return {
    kind: 'posix',
    pin: pinFolder,
    accounts: async () => ({ users: [], groups: [] }),
    volumes: async () => [{ path: '/', type: '', device: '', readOnly: false }],
    acl: null,
    attributes: null,
  };
}

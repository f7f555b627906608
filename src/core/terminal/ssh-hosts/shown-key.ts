import { hostKeyFingerprint, hostKeyType } from '../../../platform/ssh/host-key.ts';
import type { SshHost } from './hosts.ts';

/** Does the host show another key than the one that was pinned? Told from what it showed last. */
export const keyChanged = ({ pinnedKeys, offeredKeys }: Pick<SshHost, 'pinnedKeys' | 'offeredKeys'>) =>
  pinnedKeys.length > 0 && offeredKeys.length > 0 && !offeredKeys.some((key) => pinnedKeys.includes(key));

/** What people compare. */
export const shownKey = (key: string) => ({ type: hostKeyType(key), fingerprint: hostKeyFingerprint(key) });

/** Says which keys a person was shown: comes back with the form that pins them. */
export const seenKeys = (keys: readonly string[]) => keys.map(hostKeyFingerprint).join(' ');

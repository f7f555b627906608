import { createHash } from 'node:crypto';

/** Of a text that is there, for telling whether it changed since somebody looked; '' when none is. */
export const hashOf = (text: string | null) => (text === null ? '' : createHash('sha256').update(text).digest('hex'));

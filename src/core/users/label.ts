import { z } from 'zod';
import { say } from '../../lib/issue.ts';

/** A name for a thing of one's own: a token, a passkey. One printable line. */
export const Label = z
  .string()
  .trim()
  .normalize('NFC')
  .min(1, say('account.labelEmpty', (t) => t.account.labelEmpty))
  .max(64, say('account.labelLong', (t) => t.account.labelLong))
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, say('account.labelRule', (t) => t.account.labelRule));

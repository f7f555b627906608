import { z } from 'zod';
import { say } from '../../lib/issue.ts';

/** What the audit log calls those who are no user. */
const RESERVED = new Set(['system', 'cli', 'anonymous']);

/**
 * A name to sign in with: letters and digits of any script, inside also `. _ - @`. NFKC makes one name of what looks
 * the same (full-width letters); it never begins with a dash, so no command takes it for an option (S2).
 */
export const UserName = z
  .string()
  .trim()
  .normalize('NFKC')
  .min(1, say('users.nameEmpty', (t) => t.users.nameEmpty))
  .max(64, say('users.nameLong', (t) => t.users.nameLong))
  .regex(/^[\p{L}\p{N}][\p{L}\p{M}\p{N}._@-]*$/u, say('users.nameRule', (t) => t.users.nameRule))
  .refine((name) => !RESERVED.has(name.toLowerCase()), say('users.nameReserved', (t) => t.users.nameReserved));

import { z } from 'zod';
import { parsePublicKey, type PublicKey } from '../../lib/public-key.ts';
import { say } from '../../lib/issue.ts';

/** What useradd(8) takes for a new one: lower case, never a dash first. */
export const NewAccountName = z.string().regex(/^[a-z_][a-z0-9_-]{0,31}$/, say('accounts.name', (t) => t.accounts.nameHint));
/** A local one of Windows: what net.exe and SAM refuse, and never a dash first ("User name" in learn.microsoft.com, naming conventions). */
export const WindowsAccountName = z
  .string()
  .max(20, say('accounts.windowsName', (t) => t.accounts.windows.nameHint))
  .regex(/^(?![-\s])[^"/\\[\]:;|=,+*?<>@\p{Cc}\p{Cf}]+(?<![.\s])$/u, say('accounts.windowsName', (t) => t.accounts.windows.nameHint));
/** Which of the two it must be, the machine knows. */
const AnyNewName = z.string().refine((name) => NewAccountName.safeParse(name).success || WindowsAccountName.safeParse(name).success, say('accounts.name', (t) => t.accounts.nameHint));
/** One that is there may be called as an older tool, a directory or Windows called it; never as an option. */
export const AccountName = z.string().regex(/^(?![-.\s])[^"/\\[\]:;|=,+*?<>@\p{Cc}\p{Cf}]{1,65}$/u, say('accounts.noSuchName', (t) => t.accounts.noSuchName));

/** In a line of passwd(5): no colon, no line break; a comma would begin a room number. */
const FullName = z.string().trim().max(100, say('accounts.fullName', (t) => t.accounts.fullNameHint)).regex(/^[^:,\p{Cc}\p{Cf}]*$/u, say('accounts.fullName', (t) => t.accounts.fullNameHint)).refine((text) => !text.startsWith('-'), say('accounts.fullName', (t) => t.accounts.fullNameHint));
/** '' on Windows, which has none. */
const Shell = z.string().regex(/^(\/[\w./+-]{1,100})?$/, say('accounts.shell', (t) => t.accounts.shellHint));

const RSA_LEAST = 2048;
const notOne = say('accounts.key', (t) => t.accounts.keys.hint);

/** One line of a `.pub` file. What may stand before it can run commands, so it is not taken here. */
export const KeyLine = z
  .string()
  .trim()
  .max(20_000, notOne)
  .superRefine((text, ctx) => {
    const fail = (message: string) => ctx.addIssue({ code: 'custom', message });
    if (/PRIVATE KEY/.test(text)) return fail(say('accounts.keyPrivate', (t) => t.accounts.keys.private));
    const key = /[\r\n\0]/.test(text) ? null : parsePublicKey(text);
    if (!key) return fail(notOne);
    if (key.options) return fail(say('accounts.keyOptions', (t) => t.accounts.keys.noOptions));
    if (key.type === 'ssh-dss' || (key.type === 'ssh-rsa' && (key.bits ?? 0) < RSA_LEAST)) fail(say('accounts.keyWeak', (t) => t.accounts.keys.weak));
  });

/** As it is written: what was blank around it is gone. */
export const keyOf = (line: string): PublicKey => parsePublicKey(line)!;
export const lineOf = ({ type, base64, comment }: PublicKey) => [type, base64, comment].filter(Boolean).join(' ');

export const NewAccount = z.strictObject({ name: AnyNewName, fullName: FullName.default(''), shell: Shell.default(''), admin: z.boolean().default(false), key: z.literal('').or(KeyLine).default('') });

/** chpasswd(8) reads a line each: name, colon, password. */
export const AccountPassword = z.string().min(10, say('accounts.password', (t) => t.accounts.passwordHint)).max(200, say('accounts.password', (t) => t.accounts.passwordHint)).regex(/^[^\r\n\0]*$/, say('accounts.password', (t) => t.accounts.passwordHint));

export const RemoveAccount = z.strictObject({ home: z.boolean().default(false), confirm: z.string().max(100).default('') });
export const Fingerprint = z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/, notOne);

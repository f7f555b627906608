import { AppError, type ErrorCode } from '../../../lib/errors.ts';
import type { Fault } from './lane.ts';

/** ErrorCategory of PowerShell, where it is one of the panel's refusals. */
const CATEGORIES: Record<string, ErrorCode> = {
  PermissionDenied: 'denied', SecurityError: 'denied', ObjectNotFound: 'not_found', ResourceExists: 'conflict', ResourceBusy: 'conflict', NotImplemented: 'unsupported',
  NotInstalled: 'unsupported',
};

/** HRESULT and Win32 errors, by their low 16 bits where the facility is Win32 (winerror.h). */
const WIN32: Record<number, ErrorCode> = {
  2: 'not_found', 3: 'not_found', 5: 'denied', 80: 'conflict', 183: 'conflict', 740: 'denied', 1060: 'not_found', 1314: 'denied',
  // A service that runs already, is disabled, takes no such word now, does not run, or is about to be taken away.
  1056: 'conflict', 1058: 'conflict', 1061: 'conflict', 1062: 'conflict', 1072: 'conflict',
  // ERROR_INVALID_SERVICE_ACCOUNT: there is none, or this is not its password.
  1057: 'invalid',
};

/** UnauthorizedAccessException and SecurityException have numbers of their own (corerror.h), and so has Windows Update for accounts that are no administrators (wuerror.h). */
const COR: Record<number, ErrorCode> = { 0x80070005: 'denied', 0x80240044: 'denied', 0x8013150a: 'denied', 0x80131450: 'unsupported' };

const OWN: readonly ErrorCode[] = ['invalid', 'denied', 'not_found', 'conflict', 'unsupported', 'unavailable'];

/** Names and numbers decide, never the message: that is in the language of the system. */
export function codeOf({ code, category, hresult, native }: Fault): ErrorCode {
  const own = OWN.find((each) => code === `mantou:${each}`);
  if (own) return own;
  // A command of a module that is not there: the system lacks it, nobody asked for a thing that is gone.
  if (/^CommandNotFoundException|^CouldNotAutoLoadModule/.test(code)) return 'unsupported';
  const unsigned = hresult >>> 0;
  return CATEGORIES[category] ?? WIN32[native] ?? COR[unsigned] ?? (unsigned >>> 16 === 0x8007 ? WIN32[unsigned & 0xffff] : undefined) ?? 'unavailable';
}

/** `what`: the script and its verb. */
export function faultError(fault: Fault, what: string): AppError {
  const code = codeOf(fault);
  const where = fault.line ? `, ${what}:${fault.line}` : '';
  const detail = `${fault.message.trim()}\n(${fault.code}, ${fault.category}, 0x${(fault.hresult >>> 0).toString(16).padStart(8, '0')}${where})`;
  return new AppError(code, (t) => (code === 'denied' ? t.powershell.denied : code === 'unsupported' ? t.powershell.unsupported : t.powershell.failed({ what })), { detail, cause: fault });
}

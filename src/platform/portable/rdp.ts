import { AppError, type Say } from '../../lib/errors.ts';
import type { RdpDriver } from '../rdp.ts';

const refusal: Say = (t) => t.rdp.onlyWindows;
const refuse = () => Promise.reject(new AppError('unsupported', refusal));

/** Systems without one: every question is refused. */
export const NO_RDP: RdpDriver = { refusal: () => refusal, read: refuse, sessions: refuse, apply: refuse, plan: () => ({ apply: [], revert: [] }) };

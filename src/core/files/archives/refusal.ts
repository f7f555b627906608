import type { Messages } from '../../../i18n/en.ts';

/** Why an entry of an archive is left out: keys of i18n `archives.refused`. */
export type Reason = keyof Messages['archives']['refused'];

/** One entry is not extracted; the rest is. */
export class Refusal extends Error {
  constructor(readonly reason: Reason) {
    super(reason);
    this.name = 'Refusal';
  }
}

import { and, eq } from 'drizzle-orm';
import { firewallRules } from '../../db/schema/firewall.ts';
import { transaction } from '../../db/transaction.ts';
import type { App } from '../app.ts';

/**
 * What the panel added or took away by an armed change, as soon as it is known how that ended: the machine cannot tell it after a
 * reboot, which takes rules of iptables away whether somebody kept them or not.
 * @param stays somebody kept it; false: it was taken back
 */
export function settleArmed({ db }: Pick<App, 'db'>, armedId: string, stays: boolean) {
  const of = (leaving: boolean) => and(eq(firewallRules.armedId, armedId), eq(firewallRules.leaving, leaving));
  transaction(db, (tx) => {
    tx.delete(firewallRules).where(of(stays)).run();
    tx.update(firewallRules).set({ armedId: null, leaving: false }).where(of(!stays)).run();
  });
}

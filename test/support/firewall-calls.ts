import { expect } from 'bun:test';
import type { Init, TestApp } from './app.ts';

type Run = (id: string, path: string, init?: Init) => Promise<unknown>;
const json = (body: object): Init => ({ body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

async function keep(run: Run, enabled: unknown) {
  const { armed } = enabled as { armed: { id: string } | null };
  expect(armed).not.toBeNull();
  await run('armed.keep', `/armed/${armed!.id}/keep`);
}

/** Calls everything that the API says about the firewall, on the made-up machine. */
export async function firewallCalls({ app }: TestApp, run: Run) {
  // Calls with a body that is none may have turned it off before.
  if (!(await app.host.firewall.read()).active) await keep(run, await run('firewall.enable', '/firewall/enable', json({ letIn: true })));
  expect(await run('firewall.get', '/firewall')).toMatchObject({ provider: 'ufw', active: true, policies: { in: 'deny' }, gone: [] });
  const add = { action: 'allow', ports: '7000-7010', source: '10.0.0.0/8', comment: 'api' };
  expect(await run('firewall.preview', '/firewall/preview', json(add))).toEqual({ commands: ['ufw allow in proto tcp from 10.0.0.0/8 to any port 7000:7010 comment api'], cuts: [], risky: false });
  expect(await run('firewall.add', '/firewall/rules', json(add))).toMatchObject({ armed: null });
  const { items } = (await run('firewall.rules', '/firewall/rules?q=7005')) as { items: { id: string; origin: string; rule: object }[] };
  expect(items).toMatchObject([{ origin: 'ours', comment: 'api', rule: { action: 'allow', ports: [{ from: 7000, to: 7010 }] } }]);
  await run('firewall.change', `/firewall/rules/${items[0]!.id}`, json({ ...add, ports: '7000' }));
  const changed = (await run('firewall.rules', '/firewall/rules?q=7000&origin=ours')) as { items: { id: string }[] };
  // Somebody removes it beside the panel.
  const state = await app.host.firewall.read();
  await app.host.firewall.apply(await app.host.firewall.plan({ verb: 'remove', rule: state.rules.find(({ id }) => id === changed.items[0]!.id)! }, state));
  const { gone } = (await run('firewall.get', '/firewall')) as { gone: { id: string }[] };
  expect(gone).toMatchObject([{ kind: 'rule', comment: 'api', rule: { ports: [{ from: 7000, to: 7000 }] } }]);
  await run('firewall.putBack', `/firewall/gone/${gone[0]!.id}/put-back`, json({}));
  const back = (await run('firewall.rules', '/firewall/rules?q=7000&origin=ours')) as { items: { id: string }[] };
  await run('firewall.remove', `/firewall/rules/${back.items[0]!.id}`);
  await run('firewall.forward', '/firewall/forwards', json({ port: 8081, toPort: 80, toAddress: '10.0.0.7' }));
  const { forwards } = (await run('firewall.get', '/firewall')) as { forwards: { id: string; port: number }[] };
  await run('firewall.unforward', `/firewall/forwards/${forwards.find(({ port }) => port === 8081)!.id}`);
  await run('firewall.add', '/firewall/rules', json({ scope: 'containers', action: 'deny', ports: '2368' }));
  const { rules } = (await run('firewall.published', '/firewall/published')) as { rules: { id: string }[] };
  expect(rules).toMatchObject([{ action: 'deny', ports: [{ from: 2368, to: 2368 }] }]);
  await run('firewall.unpublish', `/firewall/published/${rules[0]!.id}`);
  await run('firewall.policy', '/firewall/policy', json({ direction: 'out', policy: 'allow' }));
  await run('firewall.disable', '/firewall/disable');
  await keep(run, await run('firewall.enable', '/firewall/enable', json({ letIn: true })));
  const { installable } = app.host.firewall;
  app.host.firewall.installable = () => ['nftables'];
  const { task } = (await run('firewall.install', '/firewall/install', json({ provider: 'nftables' }))) as { task: string };
  await app.tasks.settled(task);
  app.host.firewall.installable = installable;
}

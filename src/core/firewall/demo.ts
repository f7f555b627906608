import { SYSTEM, type App } from '../app.ts';
import { keep, listKept } from './kept.ts';
import { ruleKey } from './rule.ts';

/** Of the made-up machine's rules some are the panel's, and one of those somebody removed. */
export async function seedFirewall(app: App): Promise<void> {
  if (listKept(app, 'rule').length) return;
  const { rules } = await app.host.firewall.read();
  const ours = rules.flatMap(({ spec }) => (spec && ['SSH', 'Websites', 'HTTP/3', 'Mantou', 'Search, from the office'].includes(spec.comment) ? [spec] : []));
  const [ssh] = ours;
  if (!ssh) return;
  const gone = { ...ssh, action: 'allow' as const, ports: [{ from: 25_565, to: 25_565 }], comment: 'Minecraft' };
  for (const spec of [...ours, gone]) keep(app, SYSTEM, { kind: 'rule', key: ruleKey(spec), spec, comment: spec.comment });
}

import type { Chain, Ruleset } from './model.ts';

/** A machine that leads more ports elsewhere is asked about the first ones. */
const DOORS_MOST = 256;

/**
 * Ports that rules translate, as far as their words tell: `--dport 8443`, `tcp dport { 80, 8443 }`, `dport vmap`, of a range its
 * ends. A rule that leads whatever comes elsewhere is met by every port that something listens on.
 */
export function doorsOf(rules: Ruleset): { protocol: 'tcp' | 'udp'; port: number }[] {
  const chains = new Set<Chain>(rules.bases.filter(({ type }) => type === 'nat').flatMap(({ chain }) => [chain, ...chain.beside.values()]));
  const found = new Map<string, { protocol: 'tcp' | 'udp'; port: number }>();
  for (const chain of chains) {
    for (const { text, branches } of chain.rules) {
      if (!branches.some(({ action }) => action.do === 'translate')) continue;
      const listed = /dports?\s+(?:\{([^}]*)\}|(\S+))/.exec(text);
      const ports = (listed?.[1] ?? listed?.[2] ?? '').match(/\d+/g) ?? [];
      const protocols = /\budp\b/.test(text) ? (['udp'] as const) : /\btcp\b/.test(text) ? (['tcp'] as const) : (['tcp', 'udp'] as const);
      for (const protocol of protocols) for (const port of ports) if (found.size < DOORS_MOST) found.set(`${protocol} ${port}`, { protocol, port: Number(port) });
    }
  }
  return [...found.values()];
}

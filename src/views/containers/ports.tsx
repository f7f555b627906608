import type { ContainerDetail } from '../../core/containers/detail.ts';
import type { PortFact } from '../../core/containers/ports/facts.ts';
import { Section } from '../parts/section.tsx';
import type { Ui } from '../ui.ts';
import { governWord, isExposed, joined, reachWord, rulesOf } from './port-words.ts';
import { portText } from './words.tsx';

/** The ports of a container: where each listens, who reaches it, and whether the machine's firewall has a say. */
export function Ports({ ui, one, facts }: { ui: Ui; one: ContainerDetail; facts: readonly PortFact[] }) {
  const t = ui.t.container;
  const inside = one.ports.filter(({ host }) => host === null);
  const open = facts.some(({ scope }) => scope === 'everywhere');
  return (
    <Section id="ports" title={t.ports} pane>
      {one.hostNetwork ? <p class="small warn">{t.hostNetwork}</p> : null}
      {facts.length + inside.length === 0 && !one.hostNetwork ? <p class="small muted">{t.noPorts}</p> : null}
      {facts.length + inside.length > 0 ? (
        <ul class="rows port-facts">
          {joined(ui, facts).map(({ fact, addresses }) => (
            <Line ui={ui} fact={fact} addresses={addresses} />
          ))}
          {inside.map((port) => (
            <li>
              <span class="mono">{portText(port)}</span>
              <span class="grow muted">{ui.t.containerPorts.inside}</span>
            </li>
          ))}
        </ul>
      ) : null}
      {open && ui.can('containers.admin') ? (
        <form method="post" action={`/containers/${one.id}/local-only`}>
          <p class="small muted">{t.openPorts}</p>
          <button class="btn sm">{t.localOnly}</button>
        </form>
      ) : null}
    </Section>
  );
}

function Line({ ui, fact, addresses }: { ui: Ui; fact: PortFact; addresses: readonly string[] }) {
  const t = ui.t.containerPorts;
  const why = governWord(ui, fact);
  const rules = rulesOf(fact);
  return (
    <li data-tone={isExposed(fact) ? 'warn' : undefined}>
      <span class="mono">{portText(fact)}</span>
      <span class="grow">
        {reachWord(ui, fact)}
        {fact.scope === 'address' ? null : <span class="muted">, {t.bound({ address: ui.fmt.list(addresses) })}</span>}
        {why ? <small class="muted">{why}</small> : null}
        {rules.length ? (
          <details class="port-rules" id={`rules-${fact.host}-${fact.protocol}`}>
            <summary class="small">{t.rules}</summary>
            <pre class="xs">{rules.join('\n')}</pre>
          </details>
        ) : null}
      </span>
    </li>
  );
}

import { shortOf } from '../../core/registry/place.ts';
import type { Plan, PlanRow } from '../../core/registry/plan.ts';
import { lineOf, typeName } from '../../core/registry/value.ts';
import type { RegistryValue } from '../../platform/registry.ts';
import { Tag, type Tone } from '../parts/mark.tsx';
import type { Ui } from '../ui.ts';

const SHOWN = 500;
const TONES: Partial<Record<PlanRow['kind'], Tone>> = { 'key-new': 'ok', 'value-new': 'ok', 'key-removed': 'danger', 'value-removed': 'danger', 'value-changed': 'warn' };

/** What becomes different, line by line. */
export function PlanTable({ ui, plan }: { ui: Ui; plan: Plan }) {
  const t = ui.t.registry;
  const rows = plan.rows.filter(({ kind }) => kind !== 'same');
  if (rows.length === 0) return <p class="soft small none-note">{t.nothingToDo}</p>;
  return (
    <>
      <table class="table reg-plan">
        <caption class="vh">{t.planTitle}</caption>
        <tbody>
          {rows.slice(0, SHOWN).map((row) => (
            <tr>
              <td class="fit"><Tag ui={ui} {...(TONES[row.kind] ? { tone: TONES[row.kind]! } : {})}>{t.kinds[row.kind]}</Tag></td>
              <td>
                <code class="xs wrap">{shortOf(row.path)}</code>
                {row.name === null ? null : <b class="reg-name">{row.name || t.standard}</b>}
                {row.holds ? <small class="soft"> {t.holds({ keys: ui.fmt.number(row.holds.keys), values: ui.fmt.number(row.holds.values) })}</small> : null}
                {row.before ? <Side ui={ui} value={row.before} op="-" /> : null}
                {row.after ? <Side ui={ui} value={row.after} op="+" /> : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > SHOWN ? <p class="pager">{t.planMore({ n: ui.fmt.number(rows.length - SHOWN) })}</p> : null}
    </>
  );
}

function Side({ value, op }: { ui: Ui; value: RegistryValue; op: '+' | '-' }) {
  const Word = op === '+' ? 'ins' : 'del';
  return (
    <Word class="reg-side-value mono xs">
      <span aria-hidden="true">{op === '+' ? '+' : '−'}</span> <small>{typeName(value.type)}</small> {lineOf(value, 300)}
    </Word>
  );
}

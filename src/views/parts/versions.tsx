import type { Ui } from '../ui.ts';
import { actorText } from './actor.ts';
import { Empty } from './empty.tsx';
import { Dot, type State } from './mark.tsx';
import { ActionsHead } from './table.tsx';
import { DateTime } from './time.tsx';

interface VersionsProps {
  ui: Ui;
  t: { versions: string; versionsNone: string; versionsText: string; when: string; by: string; isNow: string; openIt(p: { when: string }): string };
  /** Head of the column that says what came of each. */
  came: string;
  versions: readonly { id: string; at: number; by: string; state: 'saved' | 'good' | 'failed' | 'found' }[];
  states: Readonly<Record<VersionsProps['versions'][number]['state'], string>>;
  /** Id of the one that is there now. */
  now: string | null | undefined;
  /** Where one is opened. */
  href(id: string): string;
}

const DOTS: Record<VersionsProps['versions'][number]['state'], State> = { found: 'off', saved: 'off', good: 'ok', failed: 'fail' };

/** What files were before, newest first. */
export function Versions({ ui, t, came, versions, states, now, href }: VersionsProps) {
  if (versions.length === 0) return <Empty ui={ui} icon="history" title={t.versionsNone} text={t.versionsText} />;
  const { open } = ui.t.stacks;
  return (
    <table class="table sticky">
      <caption class="vh">{t.versions}</caption>
      <thead>
        <tr>
          <th scope="col">{t.when}</th>
          <th scope="col">{came}</th>
          <th scope="col" class="mid">{t.by}</th>
          <ActionsHead>{open}</ActionsHead>
        </tr>
      </thead>
      <tbody>
        {versions.map(({ id, at, by, state }) => (
          <tr>
            <td>
              <DateTime ui={ui} at={at} />
            </td>
            <td>
              <Dot state={DOTS[state]}>{states[state]}</Dot>
            </td>
            <td class="mid quiet">{actorText(ui.t, by)}</td>
            <td class="fit">
              {id === now ? (
                <span class="quiet">{t.isNow}</span>
              ) : (
                <a class="btn sm" href={href(id)} aria-label={t.openIt({ when: ui.fmt.dateTime(at) })}>
                  {open}
                </a>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

import type { RecordingHits } from '../../../core/terminal/recordings/search.ts';
import { stamp } from '../../../lib/stamp.ts';
import { Empty } from '../../parts/empty.tsx';
import { Icon } from '../../parts/icon.tsx';
import { withQuery } from '../../parts/table.tsx';
import { Time } from '../../parts/time.tsx';
import type { Ui } from '../../ui.ts';

export interface HitsProps extends RecordingHits {
  ui: Ui;
  text: string;
  /** Of one recording: its page is this one. */
  only?: string;
}

/** Lines that a search found; each leads to the second at which it was shown. */
export function Hits({ ui, text, hits, next, only }: HitsProps) {
  const t = ui.t.recordings;
  const more = next ? withQuery(ui.here ?? '', { q: text, id: next.id, from: String(next.from), t: undefined }) : null;
  if (hits.length === 0 && !more) {
    return (
      <Empty ui={ui} icon="search" title={t.noneTitle} text={t.noneText({ text })}>
        {only ? null : <a class="btn" href="/terminal/recordings">{t.showAll}</a>}
      </Empty>
    );
  }
  return (
    <>
      {hits.length === 0 ? <p class="play-note">{t.noneYet}</p> : <Table ui={ui} text={text} hits={hits} {...(only ? { only } : {})} />}
      <nav class="pager" aria-label={ui.t.parts.pages}>
        <p role="status">{t.hits({ n: hits.length, text })}</p>
        <div class="btns push">
          {only ? null : <a class="btn sm" href="/terminal/recordings">{t.showAll}</a>}
          {more ? (
            <a class="btn sm" rel="next" href={more}>
              {t.goOn}
              <Icon ui={ui} name="chevron" />
            </a>
          ) : null}
        </div>
      </nav>
    </>
  );
}

function Table({ ui, text, hits, only }: Pick<HitsProps, 'ui' | 'text' | 'hits' | 'only'>) {
  const t = ui.t.recordings;
  return (
    <table class="table play-hits">
      <caption class="vh">{t.hits({ n: hits.length, text })}</caption>
      <thead>
        <tr>
          <th scope="col" class="num">{t.at}</th>
          <th scope="col">{t.line}</th>
          {only ? null : (
            <>
              <th scope="col" class="mid">{t.what}</th>
              <th scope="col" class="lo">{t.when}</th>
            </>
          )}
        </tr>
      </thead>
      <tbody>
        {hits.map(({ recording, seconds, before, match, after }) => (
          <tr>
            <td class="num fit">
              <a href={`/terminal/recordings/${recording.id}?t=${seconds}&q=${encodeURIComponent(text)}`} data-seek={String(seconds)}>
                {stamp(seconds)}
              </a>
            </td>
            <td class="truncate">
              <code>
                <bdi>
                  {before}
                  <mark>{match}</mark>
                  {after}
                </bdi>
              </code>
            </td>
            {only ? null : (
              <>
                <td class="mid soft truncate">
                  <bdi>{recording.title}</bdi>
                </td>
                <td class="lo quiet fit">
                  <Time ui={ui} at={recording.startedAt} />
                </td>
              </>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

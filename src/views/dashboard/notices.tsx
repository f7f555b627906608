import type { Notice } from '../../core/notices/notices.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import type { Ui } from '../ui.ts';

/** What needs doing, first on the page; nothing when there is nothing. */
export function Notices({ ui, notices }: { ui: Ui; notices: readonly Notice[] }) {
  if (!notices.length) return null;
  return (
    <section class="section slim" aria-label={ui.t.dashboard.attention}>
      <ul class="rows">
        {notices.map((notice) => (
          <li data-tone={notice.tone}>
            <Icon ui={ui} name={notice.icon as IconName} />
            <span class="grow">{notice.say(ui.t, ui.fmt)}</span>
            {notice.link ? (
              <a class="link" href={notice.link.href}>
                {notice.link.say(ui.t)}
              </a>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

import type { Look } from '../../../core/files/previews/look.ts';
import { COLUMNS, type Rows } from '../../../core/files/previews/rows.ts';
import type { Ui } from '../../ui.ts';
import { viewHref } from './head.tsx';

/** Some rows of a table: the first of the file are its head. */
export function TableView({ ui, look, rows }: { ui: Ui; look: Look; rows: Rows }) {
  const t = ui.t.view.table;
  const [head, body] = rows.from === 0 ? [rows.rows[0] ?? [], rows.rows.slice(1)] : [null, rows.rows];
  return (
    <>
      <div class="view-table" tabindex={0} role="region" aria-label={t.label}>
        <table class="table">
          {head ? (
            <thead>
              <tr>
                {head.map((cell) => (
                  <th scope="col">{cell}</th>
                ))}
              </tr>
            </thead>
          ) : null}
          <tbody>
            {body.map((row) => (
              <tr>
                {row.map((cell) => (
                  <td>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <nav class="pager" aria-label={ui.t.parts.pages}>
        <p>
          {t.rows({ from: ui.fmt.number(rows.from), to: ui.fmt.number(rows.next ?? look.size) })}
          {rows.wide ? ` ${t.columns({ n: ui.fmt.number(COLUMNS) })}` : ''}
        </p>
        <div class="btns push">
          {rows.from > 0 ? (
            <a class="btn sm" href={viewHref(look.path, '&as=table')}>
              {t.first}
            </a>
          ) : null}
          {rows.next === null ? null : (
            <a class="btn sm" rel="next" href={viewHref(look.path, `&as=table&at=${rows.next}`)}>
              {t.next}
            </a>
          )}
        </div>
      </nav>
    </>
  );
}

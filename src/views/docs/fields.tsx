import type { Schema } from '../../api/openapi.ts';
import type { Ui } from '../ui.ts';
import { fieldRows, limitsText, refName, typeText, type FieldRow } from './words.ts';

/** Members of a schema with what they are. */
export function FieldTable({ ui, label, schema }: { ui: Ui; label: string; schema: Schema }) {
  const rows = fieldRows(schema);
  return rows.length ? <FieldRows ui={ui} label={label} rows={rows} /> : <p class="small"><TypeName ui={ui} schema={schema} /></p>;
}

export function FieldRows({ ui, label, rows }: { ui: Ui; label: string; rows: readonly FieldRow[] }) {
  const t = ui.t.docs;
  return (
    <table class="table">
      <caption class="vh">{label}</caption>
      <thead>
        <tr>
          <th scope="col">{t.name}</th>
          <th scope="col">{t.type}</th>
          <th scope="col">{t.meaning}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr>
            <td>
              <code>{row.name}</code>
              {row.required ? <small class="muted below">{t.required}</small> : null}
            </td>
            <td class="soft">
              <TypeName ui={ui} schema={row.schema} />
            </td>
            <td class="soft">
              {row.schema.description}
              <small class="muted below">{limitsText(ui.t, ui.fmt.list, row.schema)}</small>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The type, with a link where it has a table of its own. */
export function TypeName({ ui, schema }: { ui: Ui; schema: Schema }) {
  const inner = schema.type === 'array' && schema.items ? schema.items : schema;
  const named = refName(inner);
  const text = typeText(ui.t, schema);
  return named ? <a class="link" href={`#schema-${named}`}>{text}</a> : <>{text}</>;
}

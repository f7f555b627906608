import type { Ui } from '../ui.ts';
import { fieldId } from './field.tsx';

interface FormErrorsProps {
  ui: Ui;
  /** Field name → what is wrong. The empty name is about the whole form. */
  errors: Readonly<Record<string, string | undefined>>;
}

/** Above a form that came back with 422: what is wrong, each linked to its field. form.js moves the focus here. */
export function FormErrors({ ui, errors }: FormErrorsProps) {
  const found = Object.entries(errors).filter((entry): entry is [string, string] => Boolean(entry[1]));
  if (found.length === 0) return null;
  return (
    <div class="form-errors" role="alert" tabindex={-1} data-focus>
      {found.length === 1 && !found[0]![0] ? (
        <p>{found[0]![1]}</p>
      ) : (
        <>
          <b>{ui.t.parts.formErrors({ n: found.length })}</b>
          <ul>
            {found.map(([name, text]) => (
              <li>{name ? <a href={`#${fieldId(name)}`}>{text}</a> : text}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

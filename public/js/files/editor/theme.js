// How the text looks: the tokens of the panel, in both themes. It lives in a shadow root, where CodeMirror's rules need no
// inline style and the panel's custom properties are inherited.
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags as t } from '@lezer/highlight';

const number = 'light-dark(oklch(from var(--d2) 0.47 c h), var(--d2))';
const name = 'light-dark(oklch(from var(--d3) 0.47 c h), var(--d3))';

const highlight = HighlightStyle.define([
  { tag: [t.keyword, t.modifier, t.operatorKeyword, t.self, t.processingInstruction], color: 'var(--accent)' },
  { tag: [t.string, t.special(t.string), t.regexp, t.character, t.inserted, t.attributeValue, t.url], color: 'var(--ok)' },
  { tag: [t.number, t.bool, t.null, t.atom, t.unit, t.color, t.constant(t.name)], color: number },
  { tag: [t.comment, t.docComment, t.meta], color: 'var(--ink-3)', fontStyle: 'italic' },
  { tag: [t.function(t.variableName), t.function(t.propertyName), t.tagName, t.typeName, t.className, t.labelName, t.macroName], color: name },
  { tag: [t.propertyName, t.attributeName, t.definition(t.propertyName)], color: number },
  { tag: t.heading, fontWeight: '600', color: 'var(--ink)' },
  { tag: t.emphasis, fontStyle: 'italic' },
  { tag: t.strong, fontWeight: '600' },
  { tag: t.link, textDecoration: 'underline' },
  { tag: [t.invalid, t.deleted], color: 'var(--danger)' },
  { tag: t.strikethrough, textDecoration: 'line-through' },
]);

const rules = {
  '&': { height: '100%', color: 'var(--ink)', backgroundColor: 'var(--sunken)', fontSize: 'var(--ed-size, 12.5px)' },
  '&.cm-focused': { outline: 'none', boxShadow: 'inset 2px 0 var(--accent-fill)' },
  '.cm-scroller': { fontFamily: 'var(--mono)', fontVariantLigatures: 'none', lineHeight: '1.65', overflow: 'auto' },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'var(--sunken)', color: 'var(--ink-3)', border: 'none', paddingInlineStart: '2px' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '2.75rem', padding: '0 4px 0 8px' },
  '.cm-foldGutter .cm-gutterElement': { color: 'var(--ink-3)', padding: '0 4px', cursor: 'pointer' },
  '.cm-activeLine': { backgroundColor: 'var(--hover)' },
  '.cm-activeLineGutter': { backgroundColor: 'var(--hover)', color: 'var(--ink)' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--ink)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'var(--selected)' },
  '.cm-selectionMatch': { backgroundColor: 'var(--track)' },
  '.cm-searchMatch': { backgroundColor: 'var(--accent-wash)', outline: '1px solid var(--accent-fill)' },
  '.cm-searchMatch-selected': { backgroundColor: 'var(--selected)', outline: '2px solid var(--accent-fill)' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--press)', color: 'inherit' },
  '&.cm-focused .cm-nonmatchingBracket': { backgroundColor: 'var(--danger-wash)', color: 'inherit' },
  '.cm-foldPlaceholder': { backgroundColor: 'var(--track)', border: 'none', color: 'var(--ink-2)', padding: '0 6px' },
  '.cm-specialChar': { color: 'var(--danger)' },
  '.cm-panels': { backgroundColor: 'var(--raised)', color: 'var(--ink)', fontFamily: 'var(--font)', fontSize: '13px' },
  '.cm-panels.cm-panels-top': { borderBottom: '1px solid var(--line)' },
  '.cm-panels.cm-panels-bottom': { borderTop: '1px solid var(--line)' },
  '.cm-panel.cm-search': { padding: '6px 40px 2px 16px', fontSize: '13px' },
  '.cm-panel.cm-search > :not([name=close])': { margin: '0 8px 6px 0', verticalAlign: 'middle' },
  '.cm-panel.cm-search label': { display: 'inline-flex', alignItems: 'center', gap: '4px', fontSize: '13px', whiteSpace: 'nowrap' },
  '.cm-panel.cm-search input[type=checkbox]': { margin: '0', accentColor: 'var(--accent-fill)' },
  '.cm-panel.cm-search [name=close]': { top: '8px', right: '12px', fontSize: '18px', color: 'var(--ink-2)', cursor: 'pointer', width: '28px', height: '28px' },
  '.cm-panel.cm-gotoLine, .cm-panel.cm-dialog, .cm-vim-panel': { padding: '8px 40px 8px 16px', fontSize: '13px' },
  '.cm-vim-panel input': { color: 'var(--ink)', fontFamily: 'var(--mono)' },
  '.cm-textfield': {
    minHeight: '28px', padding: '0 8px', margin: '0', border: '1px solid var(--line-control)', borderRadius: 'var(--r-2)', backgroundColor: 'var(--raised)',
    color: 'var(--ink)', fontSize: '13px', fontFamily: 'var(--mono)', width: 'min(16rem, 100%)', boxSizing: 'border-box',
  },
  '.cm-button': {
    minHeight: '28px', padding: '0 10px', margin: '0', border: '1px solid var(--line-button)', borderRadius: 'var(--r-2)', backgroundImage: 'none',
    backgroundColor: 'var(--raised)', color: 'var(--ink)', fontSize: '13px', fontFamily: 'var(--font)', cursor: 'pointer',
    '&:hover': { backgroundColor: 'var(--hover)' }, '&:active': { backgroundImage: 'none', backgroundColor: 'var(--press)' },
  },
  ':is(.cm-button, .cm-textfield, .cm-panel [name=close]):focus-visible': { outline: '2px solid var(--accent-fill)', outlineOffset: '1px' },
  '.cm-tooltip': { backgroundColor: 'var(--raised)', color: 'var(--ink)', border: 'none', borderRadius: 'var(--r-2)', boxShadow: 'var(--float)', overflow: 'hidden' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: 'var(--selected)', color: 'var(--ink)' },
  '.cm-completionMatchedText': { textDecoration: 'none', color: 'var(--accent)', fontWeight: '600' },
  // Marks of what is wrong: CodeMirror draws them with data: images, which the panel's policy refuses.
  '.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', fontSize: '12.5px', maxHeight: '16em' },
  '.cm-tooltip.cm-completionInfo': { maxWidth: '22rem', padding: '6px 10px', fontFamily: 'var(--font)', fontSize: '13px', whiteSpace: 'pre-wrap' },
  '.cm-lintRange': { backgroundImage: 'none', paddingBottom: '0', textDecorationLine: 'underline', textDecorationStyle: 'wavy', textDecorationThickness: '1px', textUnderlineOffset: '3px' },
  '.cm-lintRange-error': { backgroundImage: 'none', textDecorationColor: 'var(--danger)' },
  '.cm-lintRange-warning': { backgroundImage: 'none', textDecorationColor: 'var(--warn)' },
  '.cm-gutter-lint': { width: '14px' },
  '.cm-lint-marker': { content: 'none', width: '8px', height: '8px', margin: '6px 0 0 4px', borderRadius: '50%' },
  '.cm-lint-marker-error': { content: 'none', backgroundColor: 'var(--danger-fill)' },
  '.cm-lint-marker-warning': { content: 'none', backgroundColor: 'var(--warn-fill)' },
  '.cm-diagnostic': { padding: '6px 10px', margin: '0', fontFamily: 'var(--font)', fontSize: '13px', whiteSpace: 'pre-wrap', borderLeftWidth: '3px' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--danger-fill)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--warn-fill)' },
  '.cm-fat-cursor': { background: 'var(--accent-fill) !important', color: 'var(--ink-inverse) !important' },
  '&:not(.cm-focused) .cm-fat-cursor': { background: 'none !important', outline: '1px solid var(--accent-fill) !important' },
  // Differences: a wash behind lines, a stronger one behind what differs in them.
  '&.cm-merge-b .cm-changedLine, .cm-inlineChangedLine, .cm-insertedLine': { backgroundColor: 'var(--ok-wash)' },
  '&.cm-merge-a .cm-changedLine, .cm-deletedChunk, .cm-deletedLine': { backgroundColor: 'var(--danger-wash)' },
  '&.cm-merge-b .cm-changedText, .cm-insertedLine .cm-changedText, .cm-changedLine .cm-changedText': { background: 'none', backgroundColor: 'var(--ok-wash)', boxShadow: '0 1px var(--ok-fill)' },
  '&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText, .cm-deletedText': { background: 'none', backgroundColor: 'var(--danger-wash)', boxShadow: '0 1px var(--danger-fill)' },
  '.cm-changeGutter': { width: '3px', padding: '0' },
  '&.cm-merge-b .cm-changedLineGutter': { backgroundColor: 'var(--ok-fill)' },
  '&.cm-merge-a .cm-changedLineGutter, .cm-deletedLineGutter': { backgroundColor: 'var(--danger-fill)' },
  '.cm-collapsedLines': { background: 'none', backgroundColor: 'var(--track)', color: 'var(--ink-2)', padding: '2px 16px', fontFamily: 'var(--font)', fontSize: '12px' },
  // Conflicts of a merge.
  '.ed-conflict': { backgroundColor: 'var(--warn-wash)' },
  '.ed-conflict-head': { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: '6px', padding: '6px 12px', fontFamily: 'var(--font)', fontSize: '13px', backgroundColor: 'var(--warn-wash)' },
  '.ed-conflict-head b': { fontWeight: '500', marginInlineEnd: '8px' },
  '.ed-conflict-side': { display: 'block', padding: '2px 12px', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' },
  '.ed-conflict-side small': { display: 'block', fontFamily: 'var(--font)', fontSize: '12px', color: 'var(--ink-2)' },
  '.ed-conflict-side[data-side=mine]': { backgroundColor: 'var(--ok-wash)' },
  '.ed-conflict-side[data-side=disk]': { backgroundColor: 'var(--accent-wash)' },
};

const dark = matchMedia('(prefers-color-scheme: dark)');
export const isDark = () => {
  const { theme } = document.documentElement.dataset;
  return theme === 'dark' || (theme !== 'light' && dark.matches);
};

/** CodeMirror's own rules differ by theme too; the panel's tokens follow by themselves. */
export const look = () => [EditorView.theme(rules, { dark: isDark() }), syntaxHighlighting(highlight)];

/** Runs when the panel's theme changes, by the button or by the system. */
export function onTheme(run) {
  dark.addEventListener('change', run);
  new MutationObserver(run).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
}

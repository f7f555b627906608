// What the editor of stacks says, in the page's language (src/views/stacks/editor.ts).
export const stackWords = JSON.parse(document.getElementById('stack-words')?.textContent ?? '{}');

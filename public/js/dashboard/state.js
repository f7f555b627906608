// What the server has put into the page for the dashboard: the points it has drawn, and words in the page's language
// (src/views/dashboard/page-state.tsx).

export const state = JSON.parse(document.getElementById('dashboard-state').textContent);
export const words = state.text;
export const isLive = state.range === 'live';

export const volumeHref = (name: string) => `/volumes/${encodeURIComponent(name)}`;

export const volumeHref = (name: string) => `/volumes/${encodeURIComponent(name)}`;

export const backupHref = ({ volume, id }: { volume: string; id: string }) => `${volumeHref(volume)}/backups/${id}`;

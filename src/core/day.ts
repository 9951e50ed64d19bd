/** Whether a text is a day that exists, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  // `Date.parse` rolls 30 February over on some engines.
  return Number.isFinite(time) && new Date(time).toISOString().slice(0, 10) === text;
}

/** The day of a time in milliseconds since the epoch, in UTC. */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

// Time by the server's clock: a visitor's phone or an old television may be hours off.

/** A clock that stood at `at` (ISO text of the server) when this page was loaded. */
export function serverClock(at) {
  const offset = Date.parse(at) - performance.now();
  return () => new Date(offset + performance.now());
}

/** `9:05:07` or `9:05`, in the office's time zone. */
export function clockText(date, timeZone, { seconds = true } = {}) {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone, hour: "numeric", minute: "2-digit", second: "2-digit", hourCycle: "h23",
  }).formatToParts(date);
  const part = (type) => parts.find((one) => one.type === type).value;
  const text = `${Number(part("hour"))}:${part("minute")}`;
  return seconds ? `${text}:${part("second")}` : text;
}

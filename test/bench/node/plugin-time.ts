/** How long containerd's CRI plugin takes to recover, by its own log. */

const begin = 'Start recovering state';
const end = 'Start event monitor';

/** Milliseconds between the two lines, of which the log has to hold one each. */
export const pluginMs = (log: string): number => timeOf(log, end) - timeOf(log, begin);

const timeOf = (log: string, message: string): number => {
  const times = log
    .split('\n')
    .filter((line) => line.includes(`msg="${message}"`))
    .map((line) => /^time="([^"]+)"/.exec(line)?.[1]);
  const [time] = times;
  if (time === undefined || times.length !== 1)
    throw new Error(`containerd's log says "${message}" ${times.length} times, and should once:\n${log.slice(-2_000)}`);
  return toMilliseconds(time);
};

/** Of `2024-05-01T08:00:00.123456789Z`, down to the nanosecond as far as a number reaches. */
const toMilliseconds = (time: string): number => {
  const fraction = /\.\d+/.exec(time)?.[0] ?? '';
  return Date.parse(time.replace(fraction, '')) + 1_000 * Number(`0${fraction}`);
};

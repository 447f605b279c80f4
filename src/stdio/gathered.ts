/** Doing for many at once what is asked for one by one: what is asked for close together, or while earlier work runs, is done together. */
import { setImmediate as soon } from 'node:timers/promises';

/** Does `work` for one item, together with others: at most so many at a time, one lot after the other; the results are in the items' order. */
export const gathered = <A, B>(
  most: number,
  work: (items: ReadonlyArray<A>) => Promise<ReadonlyArray<B>>,
): ((item: A) => Promise<B>) => {
  const waiting: Array<{ readonly item: A; readonly settle: (result: Promise<B>) => void }> = [];
  let isWorking = false;
  const workOff = async (): Promise<void> => {
    isWorking = true;
    await soon();
    while (waiting.length > 0) {
      const lot = waiting.splice(0, most);
      const results = work(lot.map(({ item }) => item));
      lot.forEach(({ settle }, index) => {
        settle(results.then((all) => all[index] as B));
      });
      await results.catch(() => undefined);
    }
    isWorking = false;
  };
  return (item) =>
    new Promise((resolve) => {
      waiting.push({ item, settle: resolve });
      if (!isWorking) void workOff();
    });
};

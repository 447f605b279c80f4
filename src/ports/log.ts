/** What happens during a recovery, told as it happens. */

/** A step of an observation. */
export type Progress =
  | { readonly _tag: 'Listed'; readonly sandboxes: number; readonly containers: number; readonly images: number }
  /** The one call for all tasks did not answer in time; they are asked one by one. */
  | { readonly _tag: 'TaskListStalled'; readonly afterMs: number }
  | {
      readonly _tag: 'ItemObserved';
      readonly kind: 'sandbox' | 'container' | 'image';
      readonly id: string;
      readonly answered: boolean;
    };

/** Is told; what it throws is ignored. */
export interface Log {
  /** Called for each step, in the order they happen. */
  readonly progress: (event: Progress) => void;
}

/** Tells nobody. */
export const silentLog: Log = { progress: () => undefined };

/**
 * What is odd about an item: a stable code for machines and a sentence for people. docs/findings.md says what to do about each.
 */

export type FindingCode =
  | 'name-shadowed'
  | 'metadata-id-differs'
  | 'checkpoint-missing'
  | 'checkpoint-unreadable'
  | 'checkpoint-foreign-version'
  | 'checkpoint-empty'
  | 'checkpoint-not-written'
  | 'task-not-answering'
  | 'task-paused'
  | 'task-unexpected'
  | 'task-kept'
  | 'task-not-deleted'
  | 'exit-unseen'
  | 'exit-time-missing'
  | 'io-degraded'
  | 'wait-failed'
  | 'sandbox-missing'
  | 'sandbox-not-ready'
  | 'netns-missing'
  | 'netns-left'
  | 'image-incomplete'
  | 'image-not-unpacked';

/** One odd thing about an item. */
export interface Finding {
  readonly code: FindingCode;
  readonly message: string;
}

export const finding = (code: FindingCode, message: string): Finding => ({ code, message });

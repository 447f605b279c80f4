/** What a contract is made of: named checks that any test runner can run, each arranging its own world. */
import assert from 'node:assert/strict';
import * as E from 'fp-ts/lib/Either.js';
import type { PortError } from '../../core/failure.js';
import type { Call, PortCall } from '../../ports/index.js';

/** One point of a contract; `run` rejects with an AssertionError where the adapter does not keep it. */
export interface Check {
  readonly name: string;
  /** Checks it once; can be called again. */
  readonly run: () => Promise<void>;
}

/** Makes, or gives again, the world a check needs; called once by each check. */
export type Arrange<W> = () => Promise<W>;

/** Which operation of which port. */
export type Operation = Pick<Call, 'port' | 'operation'>;

/** The answer to a call that nobody gives up on; fails where the adapter throws or rejects instead of answering. */
export const answerTo = async <A>(
  call: PortCall<A>,
  signal: AbortSignal = new AbortController().signal,
): Promise<E.Either<PortError, A>> => {
  const answer = await call(signal)();
  assert.ok(E.isLeft(answer) || E.isRight(answer), 'the answer is an Either');
  return answer;
};

/** The value of a call that must succeed. */
export const successOf = async <A>(call: PortCall<A>): Promise<A> => {
  const answer = await answerTo(call);
  if (E.isLeft(answer)) assert.fail(`${answer.left._tag}: ${answer.left.message}`);
  return answer.right;
};

/** The error of a call that must fail, with its fields checked; the subject only where it is one. */
export const errorOf = async (
  call: PortCall<unknown>,
  expected: Operation & {
    readonly tag: ReadonlyArray<PortError['_tag']>;
    readonly subject?: string;
  },
  signal?: AbortSignal,
): Promise<PortError> => {
  const answer = await answerTo(call, signal);
  if (E.isRight(answer)) assert.fail(`${expected.operation} should have failed with ${expected.tag.join(' or ')}`);
  const { left } = answer;
  assert.ok(expected.tag.includes(left._tag), `${left._tag} (${left.message}), expected ${expected.tag.join(' or ')}`);
  assert.equal(left.port, expected.port);
  assert.equal(left.operation, expected.operation);
  if (expected.subject !== undefined) assert.equal(left.subject, expected.subject);
  assert.notEqual(left.message, '');
  return left;
};

/** What is answered within so many milliseconds; fails where nothing is. */
export const within = async <A>(ms: number, answer: Promise<A>): Promise<A> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new assert.AssertionError({ message: `no answer within ${ms} ms` })), ms);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
};

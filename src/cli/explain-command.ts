/** `plan --explain`: why one sandbox or container becomes what the plan says. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { encodeExplanation, explain, type Observation, type Policy } from '../index.js';
import { complain } from './complain.js';
import { explanationText } from './explain-text.js';
import { findItem } from './find-item.js';
import { printableJson } from './printable.js';
import type { ExitCode, Terminal } from './terminal.js';

/** Tells the story of the item that somebody calls so; 1 where it has no decision, 2 where it is not to be told which it is. */
export const showExplanation = (
  asked: string,
  policy: Policy,
  observation: Observation,
  json: boolean,
  terminal: Terminal,
): ExitCode => {
  const id = findItem(observation, asked);
  if (E.isLeft(id)) return complain(terminal, 2, id.left);
  const explained = explain(policy, observation, id.right);
  if (O.isNone(explained)) return complain(terminal, 2, `nothing of the id ${JSON.stringify(id.right)} was listed`);
  const { value } = explained;
  const { columns, paint } = terminal;
  terminal.out(json ? printableJson(encodeExplanation(value)) : explanationText(value, columns, paint));
  return value.about === 'failure' || value.decided.ends !== undefined ? 1 : 0;
};

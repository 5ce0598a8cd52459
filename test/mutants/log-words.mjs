/** An ignorer of StrykerJS. Tests need not check text that appears only in logs (`docs/mutants.md`). */

import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

const levels = new Set(['debug', 'info', 'warn', 'error']);

/** For example `log.warn(...)`, `this.#log.warn(...)`, `this.#options.log.warn(...)` or `dependencies.log.with({ ... })`. */
function isLogCall({ callee }) {
  if (callee?.type !== 'MemberExpression') return false;
  const { object, property } = callee;
  const { name, id } = object.type === 'MemberExpression' ? object.property : object;
  // A private member has its name one level deeper.
  return (name ?? id?.name) === 'log' && (levels.has(property.name) || property.name === 'with');
}

/** For example `new Error('...')`. Faults that a user reads have classes of their own. */
function isPlainError({ callee }) {
  return callee?.type === 'Identifier' && callee.name === 'Error';
}

function isWords({ type }) {
  return type === 'StringLiteral' || type === 'TemplateLiteral';
}

/**
 * The empty list of `const [, year] = /.../.exec(text) ?? []`: StrykerJS puts one element into it, and the first
 * is not read.
 */
function isUnread({ node, parent, parentPath }) {
  if (node.type !== 'ArrayExpression' || node.elements.length > 0) return false;
  const declared = parentPath?.parent;
  return (
    parent?.type === 'LogicalExpression' &&
    declared?.type === 'VariableDeclarator' &&
    declared.id.type === 'ArrayPattern' &&
    declared.id.elements[0] === null
  );
}

export const logWords = {
  shouldIgnore(path) {
    const { node, parent } = path;
    if (isUnread(path)) return 'it is not read';
    if (node.type === 'CallExpression' && isLogCall(node)) return 'it is only logged';
    if (isWords(node) && parent?.type === 'NewExpression' && isPlainError(parent)) {
      return 'it is only logged';
    }
    return undefined;
  },
};

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, 'log-words', logWords)];

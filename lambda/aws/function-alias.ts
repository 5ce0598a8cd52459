/**
 * The alias a function was called by, which names its environment: the last part of
 * `arn:aws:lambda:<region>:<account>:function:<name>[:<alias>]`; `$LATEST` when there is none.
 *
 * Source: AWS Lambda Developer Guide, "Using the Lambda context object" (`invokedFunctionArn`).
 */
export function functionAlias(invokedFunctionArn: string): string {
  const [, , , , , , , alias] = invokedFunctionArn.split(':');
  return alias || '$LATEST';
}
